# What was meant to change.
echo image
