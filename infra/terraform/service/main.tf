data "aws_partition" "here" {}

data "aws_region" "here" {}

locals {
  read_settings = {
    Sid      = "ReadSettings"
    Effect   = "Allow"
    Action   = "dynamodb:GetItem"
    Resource = var.table_arn
    Condition = {
      "ForAllValues:StringEquals" = { "dynamodb:LeadingKeys" = ["settings#${var.database}"] }
      "Null"                      = { "dynamodb:LeadingKeys" = "false" }
    }
  }

  report = {
    Sid      = "Report"
    Effect   = "Allow"
    Action   = "dynamodb:PutItem"
    Resource = var.table_arn
    Condition = {
      "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["fleet#${var.database}", "fleet#${var.database}#*"] }
      "Null"                    = { "dynamodb:LeadingKeys" = "false" }
    }
  }

  key = [for arn in var.kms_key_arn == null ? [] : [var.kms_key_arn] : {
    Sid      = "TheKeyThroughDynamoDb"
    Effect   = "Allow"
    Action   = ["kms:Decrypt", "kms:DescribeKey"]
    Resource = arn
    Condition = {
      StringEquals = {
        "kms:ViaService" = "dynamodb.${data.aws_region.here.name}.${data.aws_partition.here.dns_suffix}"
      }
    }
  }]

  secrets = [for arns in length(var.secret_arns) == 0 ? [] : [var.secret_arns] : {
    Sid      = "ReadSecrets"
    Effect   = "Allow"
    Action   = "secretsmanager:GetSecretValue"
    Resource = arns
  }]

  parameters = [for arns in length(var.parameter_arns) == 0 ? [] : [var.parameter_arns] : {
    Sid      = "ReadParameters"
    Effect   = "Allow"
    Action   = "ssm:GetParameter"
    Resource = arns
  }]

  secret_keys = [for arns in length(var.secret_key_arns) == 0 ? [] : [var.secret_key_arns] : {
    Sid      = "TheKeysOfSecrets"
    Effect   = "Allow"
    Action   = "kms:Decrypt"
    Resource = arns
    Condition = {
      StringEquals = {
        "kms:ViaService" = [
          "secretsmanager.${data.aws_region.here.name}.${data.aws_partition.here.dns_suffix}",
          "ssm.${data.aws_region.here.name}.${data.aws_partition.here.dns_suffix}",
        ]
      }
    }
  }]

  users = [for arns in length(var.database_user_arns) == 0 ? [] : [var.database_user_arns] : {
    Sid      = "LogInWithIam"
    Effect   = "Allow"
    Action   = "rds-db:connect"
    Resource = arns
  }]
}

resource "aws_iam_policy" "service" {
  name_prefix = "connection-registry-${var.database}-"
  description = "Connection Registry, services that use ${var.database}. Read its settings, report about themselves."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [local.read_settings],
      [local.report],
      local.key,
      local.secrets,
      local.parameters,
      local.secret_keys,
      local.users,
    )
  })
}
