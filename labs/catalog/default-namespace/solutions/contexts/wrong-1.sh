# Where the current context leads.
echo default
