# Where kubectl looks when it is not told.
echo default
