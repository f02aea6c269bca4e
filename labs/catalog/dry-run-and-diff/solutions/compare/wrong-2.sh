# Believes that kubectl knows every field.
printf '%s\n' {{indent}} {{version}} {{field}} > client.txt
printf '%s\n' {{indent}} {{version}} {{field}} {{space}} > server.txt
