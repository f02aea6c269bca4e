# The number inside the container.
echo 1
