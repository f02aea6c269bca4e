# Believes that kubectl reads nothing of the server, so that it knows no versions.
printf '%s\n' {{indent}} > client.txt
printf '%s\n' {{indent}} {{version}} {{field}} {{space}} > server.txt
