package grade

import (
	"slices"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// shown is how many objects a message describes; the others are counted.
const shown = 3

// seenObjects describes the objects that a check is about.
func seenObjects(check labs.ObjectCheck, found []unstructured.Unstructured) labs.Text {
	if len(found) == 0 {
		return both("Seen: there is no %s.", "目前看到：沒有 %s。", asked(check))
	}
	slices.SortFunc(found, byKey)
	seen := labs.Text{}
	for _, lang := range labs.Langs() {
		var parts []string
		for _, o := range found[:min(shown, len(found))] {
			parts = append(parts, describe(o).In(lang))
		}
		seen[lang] = strings.Join(parts, both("; ", "；").In(lang))
	}
	if more := len(found) - shown; more > 0 {
		return both("Seen: %[1]s; and %[3]d more.", "目前看到：%[2]s；還有 %[3]d 個。", seen[labs.English], seen[labs.TraditionalChinese], more)
	}
	return both("Seen: %[1]s.", "目前看到：%[2]s。", seen[labs.English], seen[labs.TraditionalChinese])
}

// asked names the objects that a check is about: Pod default/web, Pod default/*
// (app=web), Pod default/*, Node.
func asked(check labs.ObjectCheck) string {
	name := check.Name
	if name == "" {
		name = "*"
	}
	if check.Namespace != "" {
		name = check.Namespace + "/" + name
	}
	switch {
	case check.Selector != "":
		return check.Kind + " " + name + " (" + check.Selector + ")"
	case name == "*":
		return check.Kind
	}
	return check.Kind + " " + name
}

// describe says what an object is and the little that tells most about it.
func describe(o unstructured.Unstructured) labs.Text {
	name := o.GetKind() + " " + strings.TrimPrefix(key(o), "/")
	facts := []labs.Text{both("%s exists", "%s 存在", name)}
	if created := o.GetCreationTimestamp(); !created.IsZero() {
		age := ago(time.Since(created.Time))
		facts = append(facts, labs.Text{
			labs.English:            "created " + age[labs.English],
			labs.TraditionalChinese: age[labs.TraditionalChinese] + "建立",
		})
	}
	if _, mirror := o.GetAnnotations()[corev1.MirrorPodAnnotationKey]; mirror {
		node, _, _ := unstructured.NestedString(o.Object, "spec", "nodeName")
		facts = append(facts, both("mirror of a file on %s", "是 %s 上某個檔案的 mirror Pod", node))
	}
	if phase, _, _ := unstructured.NestedString(o.Object, "status", "phase"); phase != "" {
		facts = append(facts, both("phase %s", "狀態 %s", phase))
	}
	if o.GetKind() == "Pod" {
		facts = append(facts, containers(o)...)
	}
	if wanted, ok, _ := unstructured.NestedInt64(o.Object, "spec", "replicas"); ok {
		ready, _, _ := unstructured.NestedInt64(o.Object, "status", "readyReplicas")
		facts = append(facts, both("%d of %d replicas ready", "就緒的 replica 有 %d 個（要求 %d 個）", ready, wanted))
	}
	if o.GetDeletionTimestamp() != nil {
		facts = append(facts, both("being deleted", "正在刪除"))
	}
	return joined(facts)
}

func joined(facts []labs.Text) labs.Text {
	all := labs.Text{}
	for lang, comma := range both(", ", "，") {
		parts := make([]string, len(facts))
		for i, f := range facts {
			parts[i] = f[lang]
		}
		all[lang] = strings.Join(parts, comma)
	}
	return all
}

// ago is a time span in its largest whole unit.
func ago(d time.Duration) labs.Text {
	d = max(d, 0)
	switch {
	case d < 2*time.Minute:
		return both("%d s ago", "%d 秒前", d/time.Second)
	case d < 2*time.Hour:
		return both("%d min ago", "%d 分鐘前", d/time.Minute)
	default:
		return both("%d h ago", "%d 小時前", d/time.Hour)
	}
}
