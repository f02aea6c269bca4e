ssh -n node01 "mkdir -p new && echo hello >new/{{colour}}"
