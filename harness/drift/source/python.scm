; Enums and classes of constants.
(class_definition name: (identifier) @of
  body: (block (expression_statement (assignment left: (identifier) @name right: (_)? @value)))) @closed
(module (expression_statement (assignment left: (identifier) @name right: (string) @value))) @loose

; Literal["a", "b"], and lists, tuples and sets of texts or members.
(assignment left: (identifier) @of right: (subscript value: (_) @literal subscript: (_) @name)) @closed
((assignment left: (identifier) @of
  type: (type (generic_type (identifier) @how (type_parameter (type (string) @name))))) @closed (#any-of? @how "Literal"))
(assignment left: (identifier) @of right: [(list (_) @name) (tuple (_) @name) (set (_) @name)]) @open
(assignment left: (identifier) @of
  right: (call arguments: (argument_list [(list (_) @name) (tuple (_) @name) (set (_) @name)]))) @open

; Records.
(class_definition name: (identifier) @of
  body: (block (expression_statement (assignment left: (identifier) @name type: (_))))) @record
(class_definition name: (identifier) @of
  body: (block (function_definition
    body: (block (expression_statement (assignment left: (attribute object: (identifier) @self attribute: (identifier) @name))))))) @record

; Maps.
(dictionary (pair key: (_) @name value: (_) @value)) @map
(match_statement body: (block alternative: (case_clause (case_pattern) @name consequence: (block (return_statement (_) @value)?)))) @map

; Branches, and stages that are set in them.
(if_statement condition: (_) @name consequence: (_) @branch)
(elif_clause condition: (_) @name consequence: (_) @branch)
(case_clause (case_pattern) @name consequence: (_) @branch)
(assignment left: (_) @name right: (string) @value) @stage
(keyword_argument name: (identifier) @name value: (string) @value) @stage
(call function: (_) @name arguments: (argument_list (string) @value)) @stage

; Handlers, providers, and what is constructed in them.
(decorated_definition (decorator) @value definition: (function_definition name: (identifier) @of)) @handler
(function_definition name: (identifier) @of body: (block (return_statement (call function: (_) @name arguments: (argument_list) @value)))) @provider
(call function: (_) @name arguments: (argument_list) @value) @made
(decorator) @tag

; Names.
(class_definition name: (identifier) @of) @scope
(function_definition name: (identifier) @of) @scope
(class_definition name: (identifier) @name) @define
(function_definition name: (identifier) @name) @define
(assignment left: (identifier) @name) @define
(assignment left: (pattern_list (identifier) @name)) @define
(import_from_statement module_name: (_) @of name: (dotted_name) @name) @import
(import_from_statement module_name: (_) @of name: (aliased_import name: (dotted_name) @name)) @import
(import_from_statement module_name: (_) @of (wildcard_import)) @import
(import_statement name: (dotted_name) @of) @import
(import_statement name: (aliased_import name: (dotted_name) @of)) @import
(aliased_import alias: (identifier) @name) @define

; Texts.
(string) @text
(concatenated_string) @text
(expression_statement . (string) @doc .)
