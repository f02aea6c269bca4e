kubectl set image pod/web web=nginx:1.{{tag}}
sed -i 's/{{key}}-two/{{key}}-one/' new-web.yml
