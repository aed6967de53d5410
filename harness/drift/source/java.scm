; Enums, and constants.
(enum_declaration name: (identifier) @of body: (enum_body (enum_constant name: (identifier) @name arguments: (argument_list . (string_literal) @value)?))) @closed
(class_declaration name: (identifier) @of
  body: (class_body (field_declaration declarator: (variable_declarator name: (identifier) @name value: (string_literal) @value)))) @closed
(interface_declaration name: (identifier) @of
  body: (interface_body (constant_declaration declarator: (variable_declarator name: (identifier) @name value: (string_literal) @value)))) @closed
(variable_declarator name: (identifier) @of value: (method_invocation arguments: (argument_list (string_literal) @name))) @open
(variable_declarator name: (identifier) @of value: (array_initializer (_) @name)) @open

; Records.
(class_declaration name: (identifier) @of body: (class_body (field_declaration declarator: (variable_declarator name: (identifier) @name)))) @record
(record_declaration name: (identifier) @of parameters: (formal_parameters (formal_parameter name: (identifier) @name))) @record

; Maps.
(switch_block (switch_rule (switch_label) @name (expression_statement (_) @value)?)) @map
(switch_block (switch_block_statement_group (switch_label) @name (return_statement (_) @value)?)) @map
(argument_list . (field_access) @name . (field_access) @value) @map
(argument_list . (_) . (_) . (field_access) @name . (field_access) @value) @map
(argument_list . (_) . (_) . (_) . (_) . (field_access) @name . (field_access) @value) @map
(argument_list . (_) . (_) . (_) . (_) . (_) . (_) . (field_access) @name . (field_access) @value) @map
(argument_list . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (field_access) @name . (field_access) @value) @map
(argument_list . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (field_access) @name . (field_access) @value) @map
(argument_list . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (field_access) @name . (field_access) @value) @map
(argument_list . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (_) . (field_access) @name . (field_access) @value) @map
((argument_list (method_invocation name: (identifier) @how arguments: (argument_list . (_) @name . (_) @value .))) @map (#any-of? @how "entry"))

; Branches, and stages that are set in them.
(switch_rule (switch_label) @name) @branch
(switch_block_statement_group (switch_label) @name) @branch
(if_statement condition: (_) @name consequence: (_) @branch)
(assignment_expression left: (_) @name right: (string_literal) @value) @stage
(variable_declarator name: (identifier) @name value: (string_literal) @value) @stage
(method_invocation name: (identifier) @name arguments: (argument_list (string_literal) @value)) @stage

; Handlers, providers, and what is constructed in them.
(method_declaration (modifiers) @value name: (identifier) @of) @handler
(method_declaration name: (identifier) @of parameters: (_) @value) @handler
(lambda_expression parameters: (_) @value) @handler
(method_declaration name: (identifier) @of body: (block (return_statement (object_creation_expression type: (_) @name arguments: (_) @value)))) @provider
(object_creation_expression type: (_) @name arguments: (_) @value) @made
(annotation) @tag

; Names.
(class_declaration name: (identifier) @of) @scope
(class_declaration name: (identifier) @name) @define
(interface_declaration name: (identifier) @name) @define
(enum_declaration name: (identifier) @name) @define
(record_declaration name: (identifier) @name) @define
(import_declaration (_) @of) @import

; Texts.
(string_literal) @text
