output "table_name" {
  description = "The table's name, for REGISTRY_TABLE."
  value       = aws_dynamodb_table.registry.name
}

output "table_arn" {
  description = "The table's ARN, for the module in service/."
  value       = aws_dynamodb_table.registry.arn
}

output "operator_policy_arn" {
  description = "Attach this to those who run registry-admin."
  value       = aws_iam_policy.operator.arn
}

output "viewer_policy_arn" {
  description = "Attach this to those who only look."
  value       = aws_iam_policy.viewer.arn
}
