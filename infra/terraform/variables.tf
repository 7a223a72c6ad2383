variable "table_name" {
  description = "The table. Services name it in REGISTRY_TABLE, operators with --table, if it isn't the default."
  type        = string
  default     = "connection-registry"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{3,255}$", var.table_name))
    error_message = "Use 3 to 255 characters of a-z, A-Z, 0-9, '_', '.' and '-'."
  }
}

variable "kms_key_arn" {
  description = "Encrypts the table with this key. Null means the key that AWS owns, which costs nothing and needs no rights."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Whether the table refuses to be deleted. Switch it off only to delete it."
  type        = bool
  default     = true
}

variable "operator_secret_arns" {
  description = "Secrets of Secrets Manager with which operators log in to servers; may end in *."
  type        = list(string)
  default     = []
}

variable "operator_parameter_arns" {
  description = "Parameters of Systems Manager with which operators log in to servers; may end in *."
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "More tags for the table."
  type        = map(string)
  default     = {}
}
