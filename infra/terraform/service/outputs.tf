output "service_policy_arn" {
  description = "Attach this to the role of each service that uses the database."
  value       = aws_iam_policy.service.arn
}
