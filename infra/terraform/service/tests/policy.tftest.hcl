# terraform test, without an account: the same policy as that of CloudFormation.

mock_provider "aws" {
  override_during = plan

  mock_data "aws_region" {
    defaults = {
      name = "eu-central-1"
    }
  }

  mock_data "aws_partition" {
    defaults = {
      dns_suffix = "amazonaws.com"
    }
  }
}

variables {
  database           = "orders"
  table_arn          = "arn:aws:dynamodb:eu-central-1:123456789012:table/connection-registry"
  kms_key_arn        = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  secret_arns        = ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-??????"]
  parameter_arns     = ["arn:aws:ssm:eu-central-1:123456789012:parameter/orders/*"]
  secret_key_arns    = ["arn:aws:kms:eu-central-1:123456789012:key/5678abcd-12ab-34cd-56ef-1234567890ab"]
  database_user_arns = ["arn:aws:rds-db:eu-central-1:123456789012:dbuser:db-ABCDEFGHIJKL/app"]
}

run "policy" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_policy.service.policy) == jsondecode(file("../../policies/service.json"))
    error_message = "The service's policy isn't that of CloudFormation."
  }
}

run "a_database_can_not_be_a_pattern" {
  command = plan

  variables {
    database = "orders*"
  }

  expect_failures = [var.database]
}
