package terminal

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
)

// tap is a viewer that hands each message to a channel, copied.
type tap struct {
	*viewer
	arrived chan []byte
}

func (v tap) Output(data []byte) error {
	v.arrived <- bytes.Clone(data)
	return nil
}

// tapInto attaches a tap, and waits for the prompt.
func tapInto(b *testing.B, terminal *Terminal) tap {
	b.Helper()
	v := tap{newViewer(b), make(chan []byte, 1<<16)}
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		_ = terminal.Attach(context.Background(), v, Size{Cols: 80, Rows: 24}, nil) // ends with the benchmark
	}()
	b.Cleanup(func() {
		v.leave()
		<-finished
	})
	v.until(b, "$ ")
	return v
}

func (v tap) until(b *testing.B, want string) (total int) {
	b.Helper()
	var tail []byte
	for {
		select {
		case data := <-v.arrived:
			total += len(data)
			tail = append(tail[max(0, len(tail)-len(want)):], data...)
			if bytes.Contains(tail, []byte(want)) {
				return total
			}
		case <-time.After(patience):
			b.Fatalf("waited too long for %q after %q", want, tail)
		}
	}
}

// BenchmarkKeyEcho is the time from a key to its echo, by bash and through
// everything but the websocket.
func BenchmarkKeyEcho(b *testing.B) {
	v := tapInto(b, newTerminal(b))
	var took []time.Duration
	for i := range b.N {
		if i%60 == 59 {
			time.Sleep(20 * time.Millisecond) // bash notices a Ctrl-C right behind a key only at the next
			v.types("\x03")
			v.until(b, "$ ")
		}
		time.Sleep(3 * time.Millisecond)
		started := time.Now()
		v.types("x")
		v.until(b, "x")
		took = append(took, time.Since(started))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkFlood is how fast output arrives, and in how large messages.
func BenchmarkFlood(b *testing.B) {
	const size = 64 << 20
	v := tapInto(b, newTerminal(b))
	total, messages, started := 0, 0, time.Now()
	for range b.N {
		v.types(fmt.Sprintf("yes 'a line of an ordinary length, as a log would have' | head -c %d; echo al''l\n", size))
		var tail []byte
		for !bytes.Contains(tail, []byte("all")) {
			data := <-v.arrived
			total, messages = total+len(data), messages+1
			tail = append(tail[max(0, len(tail)-3):], data...)
		}
	}
	b.ReportMetric(float64(total)/1e6/time.Since(started).Seconds(), "MB/s")
	b.ReportMetric(float64(total)/float64(messages), "B/message")
}

// BenchmarkInterrupt is the time from Ctrl-C under a flood to the prompt.
func BenchmarkInterrupt(b *testing.B) {
	v := tapInto(b, newTerminal(b))
	var sum time.Duration
	for range b.N {
		v.types("yes\n")
		for total := 0; total < 4<<20; {
			total += len(<-v.arrived)
		}
		started := time.Now()
		v.types("\x03")
		v.until(b, "$ ")
		sum += time.Since(started)
	}
	b.ReportMetric(float64(sum.Microseconds())/1000/float64(b.N), "ms/interrupt")
}

// BenchmarkIdleViewer is what one more viewer that saw a flood and now sees
// nothing costs in memory, on both sides of the stream, which is all here.
func BenchmarkIdleViewer(b *testing.B) {
	const viewers = 200
	for range b.N {
		terminal := newTerminal(b)
		first := sit(b, terminal)
		first.types("seq 100000; echo al''l\n")
		first.sees("all\r\n")
		before := memory()
		var taps []*viewer
		for range viewers {
			v := newViewer(b)
			v.forget()
			v.attach(context.Background(), terminal)
			v.hears(Notice{Kind: Ready})
			taps = append(taps, v)
		}
		time.Sleep(100 * time.Millisecond)
		b.ReportMetric(float64(memory()-before)/viewers, "B/viewer")
		for _, v := range taps {
			v.leave()
		}
	}
}

func memory() uint64 {
	for range 3 { // what pools hold goes with the second
		runtime.GC()
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapInuse + stats.StackInuse
}
