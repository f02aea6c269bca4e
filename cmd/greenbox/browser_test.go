package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// actions are what a person does to a page, one after the other.
type actions = []chromedp.Action[chromedp.Void]

// css is a selector of one element.
type css = chromedp.CSS

// browser returns a context in which chromedp drives a new Chromium.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath("/usr/bin/chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1440, 900),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as this context
		t.Fatal(err)
	}
	return ctx
}

// do runs actions, in a minute and a half at most, and says what failed.
func do(ctx context.Context, t *testing.T, what string, steps actions) {
	t.Helper()
	limited, cancel := context.WithTimeout(ctx, 90*time.Second)
	defer cancel()
	if err := chromedp.Do(limited, steps...); err != nil {
		page, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText")) // to help with the error
		t.Fatalf("%s: %v\n%s", what, err, page)
	}
}

// typed enters a line into the terminal of a node.
func typed(node, line string) chromedp.Action[chromedp.Void] {
	enter := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13}
	return chromedp.Steps(
		chromedp.Click(css("#tab-"+node)),
		chromedp.WaitVisible(css(`.pane[data-node="`+node+`"][data-live="true"]`)),
		chromedp.Focus(css(`.pane[data-node="`+node+`"] .xterm-helper-textarea`)),
		chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			if _, err := cdp.Call(ctx, tab, input.InsertText, input.InsertTextParams{Text: line}); err != nil {
				return err
			}
			if _, err := cdp.Call(ctx, tab, input.DispatchKeyEvent, enter); err != nil {
				return err
			}
			enter.Type, enter.Text = input.DispatchKeyEventTypeKeyUp, ""
			_, err := cdp.Call(ctx, tab, input.DispatchKeyEvent, enter)
			return err
		}),
	)
}

// holds waits until a JavaScript expression is true.
func holds(expression string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(time.Minute))(ctx, t)
		if err != nil {
			err = fmt.Errorf("%s: %w", expression, err)
		}
		return chromedp.Void{}, err
	}
}

// shown waits until the terminal of a node shows a text.
func shown(node, text string) chromedp.Action[chromedp.Void] {
	return holds(fmt.Sprintf("document.querySelector('.pane[data-node=%s] .xterm-rows').textContent.includes(%q)", node, text))
}

// judged waits until the result of a step's latest attempt is shown.
func judged(step, verdict string) chromedp.Action[chromedp.Void] {
	return holds(fmt.Sprintf("document.querySelector('li.step[data-step=%s] .result-line')?.dataset.verdict == %q", step, verdict))
}

// becomes waits until a step has a verdict.
func becomes(step, verdict string) chromedp.Action[chromedp.Void] {
	return holds(fmt.Sprintf("document.querySelector('li.step[data-step=%s]').dataset.verdict == %q", step, verdict))
}

// check presses the button of a step.
func check(step string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(css(`li.step[data-step="` + step + `"] [data-slot="button"]`))
}

// answer puts an answer into the box of a step.
func answer(step, text string) chromedp.Action[chromedp.Void] {
	return chromedp.SetValue(css(`li.step[data-step="`+step+`"] .check-form input`), text)
}

// browserSolves takes the lab in a browser, wrongly first.
func browserSolves(t *testing.T, w *world, id string) {
	ctx := browser(t)
	do(ctx, t, "open the page", actions{
		chromedp.EmulateViewport(1440, 900),
		chromedp.Navigate("http://" + w.addr + "/sessions/" + id + "?lang=en"),
		chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := chromedp.Evaluate[bool](`localStorage.setItem("greenbox.renderer", "dom"), true`)(ctx, tab)
			return err
		}),
		chromedp.Reload(),
	})
	do(ctx, t, "ask for a reset, and keep working", actions{
		chromedp.Click(css("#lab-menu > summary")), chromedp.Click(css(`#lab-menu [data-action="reset"]`)),
		chromedp.Click(css(`#ask-reset[open] [value="no"]`)),
		holds(`!document.querySelector("#ask-reset").open && document.activeElement == document.querySelector("#lab-menu > summary")`),
	})
	do(ctx, t, "answer wrongly, then rightly", actions{
		answer("where", "controlplane"), check("where"), judged("where", "failed"),
		answer("where", "node01"), check("where"), becomes("where", "passed"),
		answer("directory", "/etc/kubernetes/manifests"), check("directory"), judged("directory", "failed"),
		answer("directory", "/etc/just-to-mess-with-you"), check("directory"), becomes("directory", "passed"),
	})
	do(ctx, t, "delete only the mirror Pod", actions{
		typed("controlplane", "kubectl delete pod static-greenbox-node01"), shown("controlplane", "deleted"),
		check("delete"), judged("delete", "failed"), becomes("delete", "failed"),
	})
	why, err := chromedp.Run(ctx, chromedp.Text(css(`li.step[data-step="delete"] .result`)))
	if err != nil || !strings.Contains(why, "mirror") {
		t.Errorf("the message does not teach why: %q, %v", why, err)
	}
	shoot(ctx, t, "lab")
	do(ctx, t, "remove the manifest on node01, and press no button", actions{
		typed("node01", "rm /etc/just-to-mess-with-you/greenbox.yaml && echo re''moved"), shown("node01", "removed"),
		becomes("delete", "passed"),
	})
	do(ctx, t, "reload", actions{
		chromedp.Reload(), becomes("where", "passed"), becomes("directory", "passed"), becomes("delete", "passed"), shown("node01", "removed"),
	})
}

// shoot takes a screenshot, and keeps it under static/screenshots when
// GREENBOX_SCREENSHOTS is set.
func shoot(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("GREENBOX_SCREENSHOTS") == "" {
		return
	}
	file := filepath.Join("..", "..", "static", "screenshots", name+".png")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o600); err != nil {
		t.Fatal(err)
	}
}
