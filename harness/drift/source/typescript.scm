; Enums, unions of texts, arrays and objects that are constants.
(enum_declaration name: (identifier) @of body: (enum_body (enum_assignment name: (_) @name value: (_) @value))) @closed
(enum_declaration name: (identifier) @of body: (enum_body name: (_) @name)) @closed
(type_alias_declaration name: (type_identifier) @of value: (union_type (literal_type (string) @name))) @closed
(type_alias_declaration name: (type_identifier) @of value: (union_type (union_type (literal_type (string) @name)))) @closed
(type_alias_declaration name: (type_identifier) @of value: (union_type (union_type (union_type (literal_type (string) @name))))) @closed
(type_alias_declaration name: (type_identifier) @of value: (union_type (union_type (union_type (union_type (literal_type (string) @name)))))) @closed
(type_alias_declaration name: (type_identifier) @of value: (union_type (union_type (union_type (union_type (union_type (literal_type (string) @name))))))) @closed
(type_alias_declaration name: (type_identifier) @of value: (union_type (union_type (union_type (union_type (union_type (union_type (literal_type (string) @name)))))))) @closed
(type_alias_declaration name: (type_identifier) @of value: (union_type (union_type (union_type (union_type (union_type (union_type (union_type (literal_type (string) @name))))))))) @closed
(variable_declarator name: (identifier) @of value: (as_expression (array (string) @name))) @open
(variable_declarator name: (identifier) @of value: (as_expression (object (pair key: (property_identifier) @name value: (string) @value)))) @closed
((variable_declarator name: (identifier) @of value: (call_expression function: (member_expression property: (property_identifier) @how)
  arguments: (arguments (object (pair key: (property_identifier) @name value: (string) @value))))) @closed (#any-of? @how "freeze"))
((variable_declarator name: (identifier) @of value: (call_expression function: (member_expression property: (property_identifier) @how)
  arguments: (arguments (array (string) @name)))) @closed (#any-of? @how "enum"))
(variable_declarator name: (identifier) @of value: (array [(string) (identifier) (member_expression)] @name)) @open
(variable_declarator name: (identifier) @of value: (call_expression arguments: (arguments (array [(string) (identifier) (member_expression)] @name)))) @open
(variable_declarator name: (identifier) @of value: (new_expression arguments: (arguments (array [(string) (identifier) (member_expression)] @name)))) @open
(program (lexical_declaration (variable_declarator name: (identifier) @name value: (string) @value))) @loose
(program (export_statement (lexical_declaration (variable_declarator name: (identifier) @name value: (string) @value)))) @loose

; Records.
(interface_declaration name: (type_identifier) @of body: (_ (property_signature name: (_) @name))) @record
(type_alias_declaration name: (type_identifier) @of value: (object_type (property_signature name: (_) @name))) @record
(class_declaration name: (type_identifier) @of body: (class_body (public_field_definition name: (_) @name))) @record

; Maps.
(object (pair key: (_) @name value: (_) @value)) @map
(new_expression arguments: (arguments (array (array . (_) @name (_) @value)))) @map
(switch_body (switch_case value: (_) @name body: (return_statement (_) @value)?)) @map

; Branches, and stages that are set in them.
(switch_case value: (_) @name) @branch
(if_statement condition: (_) @name consequence: (_) @branch)
(assignment_expression left: (_) @name right: (string) @value) @stage
(variable_declarator name: (identifier) @name value: (string) @value) @stage
(pair key: (property_identifier) @name value: (string) @value) @stage
(call_expression function: (_) @name arguments: (arguments (string) @value)) @stage

; Handlers, providers, and what is constructed in them.
(arrow_function parameters: (_) @value) @handler
(function_expression parameters: (_) @value) @handler
(function_declaration name: (identifier) @of parameters: (_) @value) @handler
(method_definition name: (_) @of parameters: (_) @value) @handler
(class_body (decorator) @value . (method_definition name: (_) @of) @handler)
(function_declaration name: (identifier) @of body: (statement_block (return_statement (new_expression constructor: (_) @name arguments: (_) @value)))) @provider
(variable_declarator name: (identifier) @of value: (arrow_function body: (new_expression constructor: (_) @name arguments: (_) @value))) @provider
(variable_declarator name: (identifier) @of
  value: (arrow_function body: (statement_block (return_statement (new_expression constructor: (_) @name arguments: (_) @value))))) @provider
(method_definition name: (_) @of body: (statement_block (return_statement (new_expression constructor: (_) @name arguments: (_) @value)))) @provider
(new_expression constructor: (_) @name arguments: (_) @value) @made

; Names.
(class_declaration name: (type_identifier) @of) @scope
(function_declaration name: (identifier) @of) @scope
(class_declaration name: (type_identifier) @name) @define
(abstract_class_declaration name: (type_identifier) @name) @define
(function_declaration name: (identifier) @name) @define
(generator_function_declaration name: (identifier) @name) @define
(function_signature name: (identifier) @name) @define
(interface_declaration name: (type_identifier) @name) @define
(type_alias_declaration name: (type_identifier) @name) @define
(enum_declaration name: (identifier) @name) @define
(variable_declarator name: (identifier) @name) @define
(object_pattern (shorthand_property_identifier_pattern) @name) @define
(export_specifier name: (_) @name) @define
(export_specifier alias: (_) @name) @define
(namespace_export (identifier) @name) @define
(internal_module name: (_) @name) @define
(import_statement (import_clause (named_imports (import_specifier name: (_) @name))) source: (string) @of) @import
(import_statement source: (string) @of) @import
(export_statement source: (string) @of) @import
((call_expression function: (_) @how arguments: (arguments . (string) @of)) @import (#any-of? @how "require" "jest.mock" "vi.mock" "jest.requireActual"))
(call_expression function: (import) arguments: (arguments . (string) @of .)) @import

; Texts.
(string) @text
(template_string) @text
(import_statement source: (string) @doc)
(export_statement source: (string) @doc)
