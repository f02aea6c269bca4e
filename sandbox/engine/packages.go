package engine

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// lockWait is how long another package manager may take to finish.
const lockWait = 5 * time.Minute

// waitForLock is an option of apt's.
var waitForLock = fmt.Sprintf("DPkg::Lock::Timeout=%.0f", lockWait.Seconds())

// finish makes an interrupted installation of ours one that apt can work with:
// what is unpacked is configured, what is half unpacked goes. A complete one is
// left alone.
func (h *host) finish(ctx context.Context, m marker) error {
	if m.Complete {
		return nil
	}
	if err := h.configurePackages(ctx); err != nil {
		return fmt.Errorf("finish the interrupted installation: %w", err)
	}
	for _, name := range m.Packages {
		if h.packageStatus(ctx, name) != "half-installed" {
			continue
		}
		if _, err := h.run(ctx, "dpkg", "--remove", "--force-remove-reinstreq", name); err != nil {
			return fmt.Errorf("undo the interrupted installation: %w", err)
		}
	}
	return nil
}

// configurePackages waits for the lock that an apt of the interrupted run may
// still hold: dpkg itself, unlike apt, does not.
func (h *host) configurePackages(ctx context.Context) error {
	for began := time.Now(); ; {
		_, err := h.run(ctx, "dpkg", "--configure", "-a")
		if err == nil || !strings.Contains(err.Error(), "lock") || time.Since(began) > lockWait {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func (h *host) hasPackage(ctx context.Context, name string) bool {
	return h.packageStatus(ctx, name) == "installed"
}

// packageStatus is dpkg's word for a package, empty for one it does not know.
func (h *host) packageStatus(ctx context.Context, name string) string {
	status, err := h.run(ctx, "dpkg-query", "-W", "-f", "${db:Status-Status}", name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(status)
}
