/* Services that are constructed anew for each request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "suites/self/support_source.h"

static void a_service_of_one_request_is_found(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"a.py",
         "@router.get(\"/x\")\nasync def x():\n    service = InterruptService()\n    return service.all()\n",
         "source-service 3"},
        {"a.py",
         "def get_service():\n    return InterruptService()\n\n@app.post(\"/x\")\ndef "
         "x(s=Depends(get_service)):\n    pass\n",
         "source-service 2"},
        {"a.py",
         "@app.route(\"/x\")\ndef x():\n    return service_of_request().all()\n\ndef service_of_request():\n "
         "   return "
         "InterruptStore()\n",
         "source-service 6"},
        {"a.go",
         "package a\nfunc (h *H) Get(w http.ResponseWriter, r *http.Request) {\n\ts := "
         "NewInterruptService()\n\ts.All()\n}\n",
         "source-service 3"},
        {"a.go",
         "package a\nfunc f(m *http.ServeMux) {\n\tm.HandleFunc(\"/x\", func(w http.ResponseWriter, r "
         "*http.Request) "
         "{\n\t\ts := &InterruptStore{}\n\t\ts.All()\n\t})\n}\n",
         "source-service 4"},
        {"a.go",
         "package a\nfunc f(c *gin.Context) {\n\ts := services.NewInterruptService(nil)\n\ts.All()\n}\n",
         "source-service 3"},
        {"a.ts", "app.get('/x', async (req, res) => {\n  res.json(new InterruptService().all());\n});\n",
         "source-service 2"},
        {"a.ts",
         "class HoldStore {}\nconst store = () => new HoldStore();\napp.get('/x', (req, res) => "
         "res.json(store().all()));\n",
         "source-service 2"},
        {"a.ts", "class C {\n  @Get('/x')\n  all() {\n    return new InterruptService().all();\n  }\n}\n",
         "source-service 4"},
        {"a.rs",
         "struct HoldStore;\n#[get(\"/x\")]\nasync fn all() -> String {\n    HoldStore::new().all()\n}\n",
         "source-service 4"},
        {"a.rs",
         "struct HoldStore;\nasync fn all(Path(id): Path<String>) -> String {\n    let s = "
         "HoldStore::default();\n    "
         "s.get(id)\n}\n",
         "source-service 3"},
        {"A.java",
         "class A {\n @GetMapping(\"/x\")\n public List<I> all() {\n return new InterruptService().all(); } "
         "}\n",
         "source-service 4"},
        {"A.java",
         "class A { void handle(HttpExchange e) {\n InterruptStore s = new InterruptStore(); s.all(); } }\n",
         "source-service 2"},
    };
    SOURCE_CHECK(rows);
}

static void a_service_that_stays_is_left_alone(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"a.py", "service = InterruptService()\n\n@app.get(\"/x\")\ndef x():\n    return service.all()\n",
         ""},
        {"a.py", "@app.get(\"/x\")\ndef x(db=Depends(get_db)):\n    return InterruptService(db).all()\n", ""},
        {"a.py",
         "@lru_cache\ndef get_service():\n    return InterruptService()\n\n@app.get(\"/x\")\ndef "
         "x(s=Depends(get_service)):\n    "
         "pass\n",
         ""},
        {"a.py",
         "def get_service():\n    global _service\n    if _service is None:\n        _service = "
         "InterruptService()\n    return "
         "_service\n\n@app.get(\"/x\")\ndef x(s=Depends(get_service)):\n    pass\n",
         ""},
        {"a.py", "def make_service():\n    return InterruptService()\n", ""},
        {"a.py", "@app.get(\"/x\")\ndef x():\n    return Response()\n", ""},
        {"a.py", "@app.get(\"/x\")\ndef x(request):\n    request.app.state.service = InterruptService()\n",
         ""},
        {"a.go", "package a\nfunc main() {\n\ts := NewInterruptService()\n\tserve(s)\n}\n", ""},
        {"a.go",
         "package a\nfunc (h *H) Get(w http.ResponseWriter, r *http.Request) {\n\ts := "
         "NewInterruptService(h.pool)\n\ts.All()\n}\n",
         ""},
        {"a.ts",
         "const service = new InterruptService();\napp.get('/x', (req, res) => res.json(service.all()));\n",
         ""},
        {"A.java",
         "class A { private final InterruptService s = new InterruptService();\n @GetMapping(\"/x\") public "
         "List<I> all() { "
         "return s.all(); } }\n",
         ""},
        {"tests/a.py", "@router.get(\"/x\")\nasync def x():\n    return InterruptService()\n", ""},
    };
    SOURCE_CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_of_one_request_is_found),
        cmocka_unit_test(a_service_that_stays_is_left_alone),
    };
    return cmocka_run_group_tests(tests, source_set_up, source_tear_down) == 0 ? 0 : 1;
}
