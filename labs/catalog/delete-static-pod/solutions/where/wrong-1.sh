echo controlplane
