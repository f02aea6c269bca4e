# What the server alone finds, without what both find.
printf '%s\n' {{indent}} {{version}} > client.txt
printf '%s\n' {{field}} {{space}} > server.txt
