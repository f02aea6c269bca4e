kubectl api-resources | grep cronjobs
kubectl explain cronjob.spec
sed -i -e 's|^apiVersion:.*|apiVersion: batch/v1|' -e 's|^spec:|spec:\n  successfulJobsHistoryLimit: {{count}}|' report.yml
kubectl apply -f report.yml
