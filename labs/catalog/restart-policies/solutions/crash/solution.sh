kubectl logs crashing --previous | grep -o 'port [0-9]*' | cut -d' ' -f2
