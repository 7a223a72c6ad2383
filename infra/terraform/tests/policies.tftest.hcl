# terraform test, without an account: the same table and the same policies as those of CloudFormation.

mock_provider "aws" {
  override_during = plan

  mock_resource "aws_dynamodb_table" {
    defaults = {
      arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/connection-registry"
    }
  }

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
  operator_secret_arns    = ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:operators-??????"]
  operator_parameter_arns = ["arn:aws:ssm:eu-central-1:123456789012:parameter/operators/*"]
  kms_key_arn             = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

run "table" {
  command = plan

  assert {
    condition = (
      aws_dynamodb_table.registry.name == "connection-registry"
      && aws_dynamodb_table.registry.billing_mode == "PAY_PER_REQUEST"
      && aws_dynamodb_table.registry.hash_key == "pk"
      && aws_dynamodb_table.registry.range_key == "sk"
      && toset([for each in aws_dynamodb_table.registry.attribute : "${each.name} ${each.type}"]) == toset(["pk S", "sk S"])
      && aws_dynamodb_table.registry.ttl[0].attribute_name == "expiresAt"
      && aws_dynamodb_table.registry.ttl[0].enabled
    )
    error_message = "The table isn't the one that registry-admin init makes."
  }

  assert {
    condition = (
      aws_dynamodb_table.registry.point_in_time_recovery[0].enabled
      && aws_dynamodb_table.registry.deletion_protection_enabled
      && aws_dynamodb_table.registry.server_side_encryption[0].kms_key_arn == var.kms_key_arn
      && aws_dynamodb_table.registry.tags["application"] == "connection-registry"
    )
    error_message = "The table isn't guarded."
  }
}

run "operator" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_policy.operator.policy) == jsondecode(file("../policies/operator.json"))
    error_message = "The operator's policy isn't that of CloudFormation."
  }
}

run "viewer" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_policy.viewer.policy) == jsondecode(file("../policies/viewer.json"))
    error_message = "The viewer's policy isn't that of CloudFormation."
  }
}

run "nothing_optional" {
  command = plan

  variables {
    operator_secret_arns    = []
    operator_parameter_arns = []
    kms_key_arn             = null
  }

  assert {
    condition = length([
      for each in jsondecode(aws_iam_policy.operator.policy).Statement : each
      if contains(["TheKeyThroughDynamoDb", "ReadSecrets", "ReadParameters"], each.Sid)
    ]) == 0
    error_message = "Rights that nobody asked for."
  }

  assert {
    condition     = length(aws_dynamodb_table.registry.server_side_encryption) == 0
    error_message = "A key that nobody asked for."
  }
}
