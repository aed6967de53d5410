; Enums, tables of names, and macros that are texts.
(enum_specifier name: (type_identifier) @of body: (enumerator_list (enumerator name: (identifier) @name))) @closed
(enum_specifier !name body: (enumerator_list (enumerator name: (identifier) @name))) @closed
(init_declarator declarator: (_) @of value: (initializer_list (string_literal) @name)) @open
(translation_unit (preproc_def name: (identifier) @name value: (preproc_arg) @value)) @loose

; Records.
(struct_specifier name: (type_identifier) @of body: (field_declaration_list (field_declaration declarator: (field_identifier) @name))) @record
(struct_specifier name: (type_identifier) @of
  body: (field_declaration_list (field_declaration declarator: (pointer_declarator declarator: (field_identifier) @name)))) @record
(struct_specifier name: (type_identifier) @of
  body: (field_declaration_list (field_declaration declarator: (pointer_declarator declarator: (pointer_declarator declarator: (field_identifier) @name))))) @record
(struct_specifier name: (type_identifier) @of
  body: (field_declaration_list (field_declaration declarator: (array_declarator declarator: (field_identifier) @name)))) @record
(type_definition type: (struct_specifier !name body: (field_declaration_list (field_declaration declarator: (_) @name))) declarator: (type_identifier) @of) @record

; Maps.
(initializer_list (initializer_pair designator: (subscript_designator (_) @name) value: (_) @value)) @map
(switch_statement body: (compound_statement (case_statement value: (_) @name (return_statement (_) @value)?))) @map

; Branches, and stages that are set in them.
(case_statement value: (_) @name) @branch
(if_statement condition: (_) @name consequence: (_) @branch)
(assignment_expression left: (_) @name right: (string_literal) @value) @stage
(init_declarator declarator: (_) @name value: (string_literal) @value) @stage
(initializer_pair designator: (field_designator (_) @name) value: (string_literal) @value) @stage
(call_expression function: (_) @name arguments: (argument_list (string_literal) @value)) @stage

; Names.
(function_definition declarator: (function_declarator declarator: (identifier) @of)) @scope
(function_definition declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @of))) @scope
(preproc_include path: (string_literal) @of) @import

; Texts.
(string_literal) @text
(concatenated_string) @text
(preproc_include path: (_) @doc)
