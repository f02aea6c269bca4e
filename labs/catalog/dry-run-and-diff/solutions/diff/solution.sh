kubectl diff -f new-web.yml | grep '^+' | grep -o '[a-z]*: [a-z]*-two' | cut -d: -f1
