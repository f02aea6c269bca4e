# The field of the failed Jobs.
sed -i -e 's|^apiVersion:.*|apiVersion: batch/v1|' -e 's|^spec:|spec:\n  failedJobsHistoryLimit: {{count}}|' report.yml
kubectl apply -f report.yml
