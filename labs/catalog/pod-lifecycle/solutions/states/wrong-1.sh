# That of the container that failed in the Pod that still runs.
echo 1
