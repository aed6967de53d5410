#include "reference/base/instant.h"

#include <assert.h>

enum { FRACTION_DIGITS_MAX = 9, FRACTION_DIGITS_KEPT = 6 };

/* What is still to be read. */
struct reader {
    const char *at;
    const char *end;
};

static bool read_digits(struct reader *reader, size_t count, int64_t *value) {
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (reader->at == reader->end || *reader->at < '0' || *reader->at > '9') {
            return false;
        }
        sum = sum * 10 + (*reader->at++ - '0');
    }
    *value = sum;
    return true;
}

/* Reads one of two bytes (upper and lower case of a letter, or twice the same). */
static bool read_byte(struct reader *reader, char one, char other) {
    if (reader->at == reader->end || (*reader->at != one && *reader->at != other)) {
        return false;
    }
    reader->at++;
    return true;
}

static bool year_is_leap(int64_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t days_in_month(int64_t year, int64_t month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && year_is_leap(year));
}

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar, counted in years that begin in March,
 * so that the leap day is the last of its year. */
static int64_t days_from_date(int64_t year, int64_t month, int64_t day) {
    int64_t march_year = month > 2 ? year : year - 1;
    int64_t march_month = month > 2 ? month - 3 : month + 9;
    int64_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
    return march_year * 365 + march_year / 4 - march_year / 100 + march_year / 400 + day_of_year - 719468;
}

static void date_from_days(int64_t days, int64_t *year, int64_t *month, int64_t *day) {
    int64_t shifted = days + 719468; /* since 0000-03-01; never negative from year 1 on */
    int64_t era = shifted / 146097;
    int64_t day_of_era = shifted % 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * march_month + 2) / 5 + 1;
    *month = march_month < 10 ? march_month + 3 : march_month - 9;
    *year = era * 400 + year_of_era + (*month <= 2);
}

static bool read_date(struct reader *reader, int64_t *days) {
    int64_t year, month, day;
    if (!read_digits(reader, 4, &year) || !read_byte(reader, '-', '-') || !read_digits(reader, 2, &month) ||
        !read_byte(reader, '-', '-') || !read_digits(reader, 2, &day)) {
        return false;
    }
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
        return false;
    }
    *days = days_from_date(year, month, day);
    return true;
}

static bool read_fraction(struct reader *reader, int64_t *fraction_us) {
    *fraction_us = 0;
    if (!read_byte(reader, '.', '.')) {
        return true;
    }
    size_t digits = 0;
    int64_t digit;
    while (read_digits(reader, 1, &digit)) {
        if (digits++ < FRACTION_DIGITS_KEPT) {
            *fraction_us = *fraction_us * 10 + digit;
        }
    }
    if (digits == 0 || digits > FRACTION_DIGITS_MAX) {
        return false;
    }
    for (; digits < FRACTION_DIGITS_KEPT; digits++) {
        *fraction_us *= 10;
    }
    return true;
}

static bool read_time(struct reader *reader, int64_t *time_us) {
    int64_t hour, minute, second, fraction_us;
    if (!read_digits(reader, 2, &hour) || !read_byte(reader, ':', ':') || !read_digits(reader, 2, &minute) ||
        !read_byte(reader, ':', ':') || !read_digits(reader, 2, &second) ||
        !read_fraction(reader, &fraction_us)) {
        return false;
    }
    if (hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    *time_us = (hour * 3600 + minute * 60 + second) * HP_SECOND_US + fraction_us;
    return true;
}

static bool read_offset(struct reader *reader, int64_t *offset_us) {
    *offset_us = 0;
    if (read_byte(reader, 'Z', 'z')) {
        return true;
    }
    bool west = reader->at < reader->end && *reader->at == '-';
    int64_t hours, minutes;
    if (!read_byte(reader, '+', '-') || !read_digits(reader, 2, &hours) || !read_byte(reader, ':', ':') ||
        !read_digits(reader, 2, &minutes) || hours > 23 || minutes > 59) {
        return false;
    }
    int64_t distance_us = (hours * 3600 + minutes * 60) * HP_SECOND_US;
    *offset_us = west ? -distance_us : distance_us;
    return true;
}

bool hp_instant_parse(const char *text, size_t length_bytes, int64_t *instant_us) {
    struct reader reader = {text, text + length_bytes};
    int64_t days, time_us, offset_us;
    if (!read_date(&reader, &days) || !read_byte(&reader, 'T', 't') || !read_time(&reader, &time_us) ||
        !read_offset(&reader, &offset_us) || reader.at != reader.end) {
        return false;
    }
    int64_t sum_us = days * 86400 * HP_SECOND_US + time_us - offset_us;
    if (sum_us < HP_INSTANT_MIN || sum_us > HP_INSTANT_MAX) {
        return false;
    }
    *instant_us = sum_us;
    return true;
}

/* Writes so many digits and one byte behind them; returns where the next one goes. */
static char *put_digits(char *at, int64_t value, size_t count, char behind) {
    for (size_t i = count; i > 0; i--) {
        at[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    at[count] = behind;
    return at + count + 1;
}

void hp_instant_format(int64_t instant_us, char text[HP_INSTANT_SIZE]) {
    assert(instant_us >= HP_INSTANT_MIN && instant_us <= HP_INSTANT_MAX);
    int64_t since_year_one_us = instant_us - HP_INSTANT_MIN;
    int64_t day_us = 86400 * HP_SECOND_US;
    int64_t rest_us = since_year_one_us % day_us;
    int64_t year, month, day;
    date_from_days(since_year_one_us / day_us - 719162, &year, &month, &day);
    char *at = put_digits(text, year, 4, '-');
    at = put_digits(at, month, 2, '-');
    at = put_digits(at, day, 2, 'T');
    at = put_digits(at, rest_us / HP_SECOND_US / 3600, 2, ':');
    at = put_digits(at, rest_us / HP_SECOND_US / 60 % 60, 2, ':');
    at = put_digits(at, rest_us / HP_SECOND_US % 60, 2, '.');
    at = put_digits(at, rest_us % HP_SECOND_US, 6, 'Z');
    *at = '\0';
}
