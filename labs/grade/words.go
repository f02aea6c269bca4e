package grade

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
)

// message is what a learner is told of a check: nothing when it passed, what was
// expected and what was seen when it failed, and why we could not ask when it errored.
func message(c labs.Check, f finding) labs.Text {
	switch f.verdict {
	case labs.Passed:
		return nil
	case labs.Errored:
		return f.seen
	case labs.Failed:
	}
	text := labs.Text{}
	for _, lang := range labs.Langs() {
		text[lang] = c.Failed.In(lang) + "\n" + f.seen.In(lang)
	}
	return text
}

// both formats the same values into a text of each language.
func both(english, chinese string, values ...any) labs.Text {
	return labs.Text{
		labs.English:            fmt.Sprintf(english, values...),
		labs.TraditionalChinese: fmt.Sprintf(chinese, values...),
	}
}

func unasked(err error) labs.Text {
	var broken *url.Error
	if errors.As(err, &broken) { // its own text repeats the whole URL
		err = fmt.Errorf("ask the API server: %w", broken.Err)
	}
	return both(
		"Greenbox could not judge this (%v). It does not count; try again in a moment, and if it stays so, restore this step's starting point.",
		"Greenbox 目前無法判定（%v）。這次不計分，請稍後再試；如果一直這樣，請還原這個步驟的起點。", err)
}

func seenNoKind(check labs.ObjectCheck) labs.Text {
	return both("Seen: the cluster does not know the kind %s.", "目前看到：叢集沒有 %s 這種物件。", check.Kind)
}

func seenNoFile(node string) labs.Text {
	return both("Seen: there is no such file on %s.", "目前看到：%s 上沒有這個檔案。", node)
}

func seenFile(node string, size int) labs.Text {
	return both("Seen: the file is on %s, with %d bytes.", "目前看到：檔案在 %s 上，有 %d 個位元組。", node, size)
}

func seenFileOtherwise(node string, size int) labs.Text {
	return both(
		"Seen: the file is on %s, with %d bytes, but what it says is not what was asked for.",
		"目前看到：檔案在 %s 上，有 %d 個位元組，但內容不符合要求。", node, size)
}

func seenUnreadable(node string) labs.Text {
	return both(
		"Seen: something is there on %s, but it is not a regular file, or it is too large to read.",
		"目前看到：%s 上的這個位置有東西，但不是一般檔案，或是大到無法讀取。", node)
}

func seenNoKubeconfig() labs.Text {
	return both("Seen: there is no %s on %s.", "目前看到：沒有 %s（在 %s 上）。", learnersKubeconfig, labs.ControlPlane)
}

func seenBadKubeconfig(err error) labs.Text {
	return both("Seen: %s is not a kubeconfig: %v.", "目前看到：%s 不是有效的 kubeconfig：%v。", learnersKubeconfig, err)
}

func seenNoContext(name string) labs.Text {
	return both("Seen: the current context is %q, and there is no such context.", "目前看到：目前的 context 是 %q，但沒有這個 context。", name)
}

func seenContext(c map[string]string) labs.Text {
	return both(
		"Seen: the current context is %s: cluster %s, user %s, namespace %s.",
		"目前看到：目前的 context 是 %s：叢集 %s、使用者 %s、namespace %s。",
		c["name"], c["cluster"], c["user"], c["namespace"])
}

// longest is the most of a learner's answer or a script's last line to show.
const longest = 200

func seenAnswer(answer string) labs.Text {
	return both("Seen: your answer is %q.", "目前看到：你的答案是 %q。", short(answer))
}

func seenExit(node string, code int, output string) labs.Text {
	if last := short(lastLine(output)); last != "" {
		return both("Seen: the check on %s says: %s", "目前看到：%s 上的檢查說：%s", node, last)
	}
	return both("Seen: the check on %s ended with exit code %d.", "目前看到：%s 上的檢查以結束代碼 %d 結束。", node, code)
}

func lastLine(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

func short(s string) string {
	runes := []rune(strings.TrimSpace(s))
	if len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return string(runes)
}
