#include "harness/report/sheet.h"

void sheet_init(struct sheet *sheet, FILE *out) {
    *sheet = (struct sheet){.out = out};
}

void sheet_flush(struct sheet *sheet) {
    size_t length_bytes = sheet->text.length_bytes;
    if (sheet->text.failed ||
        (length_bytes > 0 && fwrite(sheet->text.bytes, 1, length_bytes, sheet->out) != length_bytes)) {
        sheet->failed = true;
    }
    text_clear(&sheet->text);
}

bool sheet_settle(struct sheet *sheet) {
    sheet_flush(sheet);
    if (fflush(sheet->out) != 0 || ferror(sheet->out)) {
        sheet->failed = true;
    }
    return !sheet->failed;
}

bool sheet_close(struct sheet *sheet) {
    bool written = sheet_settle(sheet);
    text_release(&sheet->text);
    return written;
}
