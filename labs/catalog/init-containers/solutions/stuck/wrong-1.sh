# The one after it, which has not been started.
echo warm-up
