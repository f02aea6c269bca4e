# The containers do not need the kubelet to go on running.
echo stopped
