variable "database" {
  description = "The database's name in the registry, such as orders."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9._-]{0,62}$", var.database))
    error_message = "Use 1 to 63 characters: a lower-case letter first, then a-z, 0-9, '-', '_' or '.'."
  }
}

variable "table_arn" {
  description = "The table's ARN, as the module of the table puts it out."
  type        = string
}

variable "kms_key_arn" {
  description = "The key that the table is encrypted with, if it has one of its own."
  type        = string
  default     = null
}

variable "secret_arns" {
  description = "Secrets of Secrets Manager that the settings name as secretsmanager:...; may end in *."
  type        = list(string)
  default     = []
}

variable "parameter_arns" {
  description = "Parameters of Systems Manager that the settings name as ssm:...; may end in *."
  type        = list(string)
  default     = []
}

variable "secret_key_arns" {
  description = "Keys of your own that those secrets and parameters are encrypted with."
  type        = list(string)
  default     = []
}

variable "database_user_arns" {
  description = "Database users (arn:aws:rds-db:...:dbuser:...) that log in with rds-iam."
  type        = list(string)
  default     = []
}
