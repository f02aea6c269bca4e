package grade_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// BenchmarkLive observes a session whose open step has three watches, a file and a
// kubeconfig. An operation is a second of it; the fake API server's work is counted too.
func BenchmarkLive(b *testing.B) {
	for _, row := range []struct {
		name    string
		changes int // of one Pod among 50, and of the file, a second
	}{{"while nothing changes", 0}, {"while much changes", 10}} {
		b.Run(row.name, func(b *testing.B) {
			target := whole()
			target.api = newFakeAPI(b)
			for i := range 50 {
				target.api.put(pod(fmt.Sprint("web-", i)))
			}
			s := open(b, target, named("do",
				ofPods(labs.ObjectCheck{Selector: "app=web", List: "objects.all(o, o.status.phase == 'Running') && objects.size() > 10"}),
				ofPods(labs.ObjectCheck{Expr: "object.metadata.name == 'web-7'"}),
				ofPods(labs.ObjectCheck{Selector: "app=web"}),
				file("/etc/motd", "text == 'bye'"),
				labs.Check{Kubeconfig: &labs.KubeconfigCheck{Expr: "context.namespace == 'dev'"}}))
			for len(s.paths()) < 2 {
				time.Sleep(10 * time.Millisecond)
			}
			time.Sleep(time.Second) // the watches are up
			before := processorTime(b)
			b.ResetTimer()
			for range b.N {
				second := time.After(time.Second)
				for range row.changes {
					target.api.put(pod("web-0"))
					target.write("node01:/etc/motd", "news")
					time.Sleep(time.Second / time.Duration(row.changes+1))
				}
				<-second
			}
			used := processorTime(b) - before
			b.ReportMetric(100*used.Seconds()/b.Elapsed().Seconds(), "%core")
		})
	}
}

func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
