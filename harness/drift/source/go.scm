; Constants of a type, and others.
(const_declaration (const_spec name: (identifier) @name type: (_)? @of value: (expression_list . (_) @value)?)) @closed
(var_spec name: (identifier) @of value: (expression_list (composite_literal type: (slice_type) body: (literal_value (literal_element (_) @name))))) @open
(var_spec name: (identifier) @of value: (expression_list (composite_literal type: (array_type) body: (literal_value (literal_element (_) @name))))) @open

; Records.
(type_spec name: (type_identifier) @of
  type: (struct_type (field_declaration_list (field_declaration name: (field_identifier) @name tag: (_)? @value)))) @record

; Maps.
(composite_literal type: (map_type) body: (literal_value (keyed_element . (literal_element (_) @name) (literal_element (_) @value)))) @map
(expression_switch_statement (expression_case value: (_) @name (return_statement (expression_list . (_) @value))?)) @map
(expression_switch_statement (expression_case value: (_) @name (assignment_statement right: (expression_list . (_) @value)))) @map

; Branches, and stages that are set in them.
(expression_case value: (_) @name) @branch
(if_statement condition: (_) @name consequence: (_) @branch)
(assignment_statement left: (_) @name right: (expression_list (interpreted_string_literal) @value)) @stage
(short_var_declaration left: (_) @name right: (expression_list (interpreted_string_literal) @value)) @stage
(keyed_element . (literal_element (identifier) @name) (literal_element (interpreted_string_literal) @value)) @stage
(call_expression function: (_) @name arguments: (argument_list (interpreted_string_literal) @value)) @stage

; Handlers, providers, and what is constructed in them.
(function_declaration name: (identifier) @of parameters: (_) @value) @handler
(method_declaration name: (field_identifier) @of parameters: (_) @value) @handler
(func_literal parameters: (_) @value) @handler
(function_declaration name: (identifier) @of
  body: (block (return_statement (expression_list . (call_expression function: (_) @name arguments: (argument_list) @value))))) @provider
(function_declaration name: (identifier) @of
  body: (block (return_statement (expression_list . (unary_expression operand: (composite_literal type: (_) @name body: (_) @value)))))) @provider
(method_declaration name: (field_identifier) @of
  body: (block (return_statement (expression_list . (call_expression function: (_) @name arguments: (argument_list) @value))))) @provider
(call_expression function: (_) @name arguments: (argument_list) @value) @made
(composite_literal type: (type_identifier) @name body: (_) @value) @made
(composite_literal type: (qualified_type) @name body: (_) @value) @made

; Names.
(type_spec name: (type_identifier) @of) @scope
(method_declaration receiver: (parameter_list (parameter_declaration type: (_) @of))) @scope
(function_declaration name: (identifier) @of) @scope
(function_declaration name: (identifier) @name) @define
(type_spec name: (type_identifier) @name) @define
(const_spec name: (identifier) @name) @define
(var_spec name: (identifier) @name) @define
(import_spec path: (_) @of) @import

; Texts.
(interpreted_string_literal) @text
(raw_string_literal) @text
(field_declaration tag: (_) @doc)
(import_spec path: (_) @doc)
