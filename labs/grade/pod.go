package grade

import (
	"github.com/greenbox-lab/greenbox/labs"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// containers says how many containers of a Pod are ready, and what keeps the
// others from running.
func containers(o unstructured.Unstructured) []labs.Text {
	var pod corev1.Pod
	err := runtime.DefaultUnstructuredConverter.FromUnstructured(o.Object, &pod)
	if err != nil || len(pod.Status.ContainerStatuses) == 0 {
		return nil
	}
	var facts []labs.Text
	ready := 0
	for _, c := range pod.Status.InitContainerStatuses {
		if c.State.Terminated == nil || c.State.Terminated.ExitCode != 0 {
			facts = append(facts, notRunning(c)...)
		}
	}
	for _, c := range pod.Status.ContainerStatuses {
		facts = append(facts, notRunning(c)...)
		if c.Ready {
			ready++
		}
	}
	count := both("%d of %d containers ready", "就緒的容器有 %d 個（共 %d 個）", ready, len(pod.Status.ContainerStatuses))
	return append([]labs.Text{count}, facts...)
}

// notRunning says why a container does not run, or nothing when it does.
func notRunning(c corev1.ContainerStatus) []labs.Text {
	switch state := c.State; {
	case state.Waiting != nil && state.Waiting.Reason != "":
		return []labs.Text{both("container %s waiting: %s", "容器 %s 在等待：%s", c.Name, state.Waiting.Reason)}
	case state.Terminated != nil:
		return []labs.Text{both("container %s terminated: %s, exit code %d", "容器 %s 已終止：%s，結束代碼 %d",
			c.Name, state.Terminated.Reason, state.Terminated.ExitCode)}
	}
	return nil
}
