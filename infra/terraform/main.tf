data "aws_region" "here" {}

data "aws_partition" "here" {}

# All settings are here: `terraform destroy` refuses. Whoever wants it gone takes it out of the state and deletes it himself.
resource "aws_dynamodb_table" "registry" {
  name                        = var.table_name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  range_key                   = "sk"
  deletion_protection_enabled = var.deletion_protection
  tags                        = merge({ application = "connection-registry" }, var.tags)

  attribute {
    name = "pk"
    type = "S"
  }

  attribute {
    name = "sk"
    type = "S"
  }

  ttl {
    attribute_name = "expiresAt"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  dynamic "server_side_encryption" {
    for_each = var.kms_key_arn == null ? [] : [var.kms_key_arn]

    content {
      enabled     = true
      kms_key_arn = server_side_encryption.value
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

locals {
  # settings#DB, history#DB, fleet#DB, fleet#DB#N, cutover#DB
  read_items = {
    Sid      = "ReadItems"
    Effect   = "Allow"
    Action   = "dynamodb:GetItem"
    Resource = aws_dynamodb_table.registry.arn
    Condition = {
      "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["settings#*", "history#*", "cutover#*"] }
      "Null"                    = { "dynamodb:LeadingKeys" = "false" }
    }
  }

  read_partitions = {
    Sid      = "ReadPartitions"
    Effect   = "Allow"
    Action   = "dynamodb:Query"
    Resource = aws_dynamodb_table.registry.arn
    Condition = {
      "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["history#*", "fleet#*", "cutover#*"] }
      "Null"                    = { "dynamodb:LeadingKeys" = "false" }
    }
  }

  list_and_look = {
    Sid      = "ListAndLookAtTheTable"
    Effect   = "Allow"
    Action   = ["dynamodb:Scan", "dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive"]
    Resource = aws_dynamodb_table.registry.arn
  }

  write = {
    Sid      = "WriteVersionsAndCutovers"
    Effect   = "Allow"
    Action   = "dynamodb:PutItem"
    Resource = aws_dynamodb_table.registry.arn
    Condition = {
      "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["settings#*", "history#*", "cutover#*"] }
      "Null"                    = { "dynamodb:LeadingKeys" = "false" }
    }
  }

  demand_lock = {
    Sid      = "DemandTheLockOfACutover"
    Effect   = "Allow"
    Action   = "dynamodb:ConditionCheckItem"
    Resource = aws_dynamodb_table.registry.arn
    Condition = {
      "ForAllValues:StringLike" = { "dynamodb:LeadingKeys" = ["cutover#*"] }
      "Null"                    = { "dynamodb:LeadingKeys" = "false" }
    }
  }

  init = {
    Sid      = "Init"
    Effect   = "Allow"
    Action   = ["dynamodb:CreateTable", "dynamodb:UpdateTimeToLive"]
    Resource = aws_dynamodb_table.registry.arn
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

  secrets = [for arns in length(var.operator_secret_arns) == 0 ? [] : [var.operator_secret_arns] : {
    Sid      = "ReadSecrets"
    Effect   = "Allow"
    Action   = "secretsmanager:GetSecretValue"
    Resource = arns
  }]

  parameters = [for arns in length(var.operator_parameter_arns) == 0 ? [] : [var.operator_parameter_arns] : {
    Sid      = "ReadParameters"
    Effect   = "Allow"
    Action   = "ssm:GetParameter"
    Resource = arns
  }]
}

resource "aws_iam_policy" "operator" {
  name_prefix = "${var.table_name}-operator-"
  description = "Connection Registry, operator. All that registry-admin does with the table."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [local.read_items],
      [local.read_partitions],
      [local.write],
      [local.demand_lock],
      [local.list_and_look],
      [local.init],
      local.key,
      local.secrets,
      local.parameters,
    )
  })
}

resource "aws_iam_policy" "viewer" {
  name_prefix = "${var.table_name}-viewer-"
  description = "Connection Registry, viewer. The commands of registry-admin that only look."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [local.read_items],
      [local.read_partitions],
      [local.list_and_look],
      local.key,
    )
  })
}
