# The app's container rather than the one that it waits for.
echo shop
