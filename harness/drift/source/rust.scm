; Enums, and constants.
(enum_item name: (type_identifier) @of body: (enum_variant_list (enum_variant name: (identifier) @name))) @closed
(const_item name: (identifier) @of value: (array_expression (_) @name)) @open
(const_item name: (identifier) @of value: (reference_expression value: (array_expression (_) @name))) @open
(static_item name: (identifier) @of value: (array_expression (_) @name)) @open
(static_item name: (identifier) @of value: (reference_expression value: (array_expression (_) @name))) @open
(source_file (const_item name: (identifier) @name value: (string_literal) @value)) @loose
(mod_item body: (declaration_list (const_item name: (identifier) @name value: (string_literal) @value))) @loose

; Records.
(struct_item name: (type_identifier) @of body: (field_declaration_list (field_declaration name: (field_identifier) @name))) @record

; Maps.
(match_block (match_arm pattern: (_) @name value: (_) @value)) @map
(call_expression arguments: (arguments (array_expression (tuple_expression . (_) @name (_) @value)))) @map

; Branches, and stages that are set in them.
(match_arm pattern: (_) @name) @branch
(if_expression condition: (_) @name consequence: (_) @branch)
(assignment_expression left: (_) @name right: (string_literal) @value) @stage
(assignment_expression left: (_) @name right: (call_expression function: (field_expression value: (string_literal) @value))) @stage
(assignment_expression left: (_) @name right: (call_expression function: (scoped_identifier) arguments: (arguments . (string_literal) @value))) @stage
(assignment_expression left: (_) @name right: (call_expression function: (identifier) arguments: (arguments . (call_expression function: (field_expression value: (string_literal) @value))))) @stage
(let_declaration pattern: (identifier) @name value: (string_literal) @value) @stage
(let_declaration pattern: (identifier) @name value: (call_expression function: (field_expression value: (string_literal) @value))) @stage
(field_initializer name: (field_identifier) @name value: (string_literal) @value) @stage
(field_initializer name: (field_identifier) @name value: (call_expression function: (field_expression value: (string_literal) @value))) @stage
(call_expression function: (_) @name arguments: (arguments (string_literal) @value)) @stage

; Handlers, providers, and what is constructed in them.
((attribute_item) @value . (function_item name: (identifier) @of) @handler)
(function_item name: (identifier) @of parameters: (_) @value) @handler
(function_item name: (identifier) @of body: (block (call_expression function: (_) @name arguments: (_) @value) .)) @provider
(call_expression function: (scoped_identifier) @name arguments: (_) @value) @made
(attribute_item) @tag

; Names.
(struct_item name: (type_identifier) @of) @scope
(impl_item type: (_) @of) @scope
(function_item name: (identifier) @of) @scope
(struct_item name: (type_identifier) @name) @define
(enum_item name: (type_identifier) @name) @define
(union_item name: (type_identifier) @name) @define
(trait_item name: (type_identifier) @name) @define
(type_item name: (type_identifier) @name) @define
(function_item name: (identifier) @name) @define
(const_item name: (identifier) @name) @define
(static_item name: (identifier) @name) @define
(mod_item name: (identifier) @name) @define
(macro_definition name: (identifier) @name) @define
(use_as_clause alias: (identifier) @name) @define
(use_declaration argument: (_) @of) @import

; Texts.
(string_literal) @text
(raw_string_literal) @text
(attribute_item) @doc
