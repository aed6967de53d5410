package interrupts

import (
	"math"
	"regexp"
	"strconv"
	"time"
)

// Instant is a time in microseconds since 1970, in UTC. A time.Duration, of nanoseconds, would end after 292 years.
type Instant int64

const written = "2006-01-02T15:04:05.000000Z"

var (
	firstInstant = Instant(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro())
	lastInstant  = Instant(time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC).UnixMicro())

	// time.Parse takes more than RFC 3339 allows, such as a comma before the fraction.
	form = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$`)
)

// ParseInstant reads an RFC 3339 time; what is finer than a microsecond is cut off.
func ParseInstant(text string) (Instant, bool) {
	part := form.FindStringSubmatch(text)
	if part == nil {
		return 0, false
	}
	local, err := time.Parse("2006-01-02T15:04:05", part[1]+"T"+part[2])
	if err != nil || local.Year() < 1 {
		return 0, false
	}
	fraction, _ := strconv.Atoi((part[3] + "000000")[:6])
	hours, _ := strconv.Atoi("0" + part[5])
	minutes, _ := strconv.Atoi("0" + part[6])
	offset := int64(hours*60+minutes) * minute
	if part[4] == "-" {
		offset = -offset
	}
	instant := Instant(local.UnixMicro() + int64(fraction) - offset)
	return instant, instant >= firstInstant && instant <= lastInstant
}

func (i Instant) String() string { return time.UnixMicro(int64(i)).UTC().Format(written) }

// MarshalText makes encoding/json write an instant as the contract does.
func (i Instant) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// microseconds rounds to the nearest one. The parts of a number are exact, so that no product is rounded twice.
func microseconds(seconds float64) int64 {
	whole, fraction := math.Modf(seconds)
	return int64(whole)*1_000_000 + int64(math.Round(fraction*1e6))
}
