import Testing
import Values

@testable import Policies

@Suite("Windows and days")
struct TimeTests {
  /// The moment of an hour of a day in UTC; 2026-11-30 is a Monday.
  static func moment(day: Int, _ hour: Int, _ minute: Int = 0) -> Timestamp {
    Timestamp(milliseconds: Int64((day * 24 + hour) * 60 + minute) * 60_000)
  }
  /// Days since 1970 of 2026-11-30, and of 2026-07-06, Mondays in winter and in summer.
  static let (winter, summer) = (20_787, 20_640)

  static func window(
    _ days: [Weekday] = [], _ from: String = "00:00", _ to: String = "24:00", zone: String = "UTC"
  ) throws -> ChangeWindow {
    var window = ChangeWindow()
    window.days = days
    window.from = try #require(TimeOfDay(from))
    window.to = try #require(TimeOfDay(to))
    window.zone = try #require(ZoneName(zone))
    return window
  }

  @Test("The moments are the days that they are meant to be")
  func moments() {
    #expect(Self.moment(day: Self.winter, 0).description == "2026-11-30T00:00:00Z")
    #expect(Self.moment(day: Self.summer, 0).description == "2026-07-06T00:00:00Z")
  }

  @Test("A window opens on its days, from its first minute to before its last")
  func byDay() throws {
    let window = try Self.window([.mon, .tue], "09:00", "16:30")
    #expect(!window.contains(Self.moment(day: Self.winter, 8, 59)))
    #expect(window.contains(Self.moment(day: Self.winter, 9)))
    #expect(window.contains(Self.moment(day: Self.winter + 1, 16, 29)))
    #expect(!window.contains(Self.moment(day: Self.winter + 1, 16, 30)))
    #expect(!window.contains(Self.moment(day: Self.winter + 2, 10)))
    #expect(!window.contains(Self.moment(day: Self.winter - 1, 10)))
    #expect(try Self.window([.sun]).contains(Self.moment(day: Self.winter - 1, 23, 59)))
  }

  @Test("One that closes before it opens goes on into the next day")
  func byNight() throws {
    let window = try Self.window([.mon], "22:00", "04:00")
    #expect(window.contains(Self.moment(day: Self.winter, 22)))
    #expect(window.contains(Self.moment(day: Self.winter + 1, 3, 59)))
    #expect(!window.contains(Self.moment(day: Self.winter + 1, 4)))
    #expect(!window.contains(Self.moment(day: Self.winter, 3)))
    #expect(!window.contains(Self.moment(day: Self.winter + 1, 22)))
  }

  @Test("The clocks of a zone go by summer time")
  func zones() throws {
    let window = try Self.window([], "09:00", "10:00", zone: "Europe/Berlin")
    #expect(
      window.contains(Self.moment(day: Self.winter, 8)) && !window.contains(Self.moment(day: Self.winter, 7)))
    #expect(
      window.contains(Self.moment(day: Self.summer, 7)) && !window.contains(Self.moment(day: Self.summer, 8)))
    // Where it is Tuesday already.
    let tuesday = try Self.window([.tue], zone: "Asia/Tokyo")
    #expect(
      tuesday.contains(Self.moment(day: Self.winter, 15))
        && !tuesday.contains(Self.moment(day: Self.winter, 14)))
  }

  @Test("Before 1970 there were weeks, too")
  func longAgo() throws {
    // 1969-12-31 was a Wednesday.
    #expect(try Self.window([.wed], "23:00").contains(Timestamp(milliseconds: -1)))
    #expect(try !Self.window([.thu]).contains(Timestamp(milliseconds: -1)))
    _ = try Self.window([.thu]).contains(Timestamp(milliseconds: .min))
    _ = try Self.window([.thu]).contains(Timestamp(milliseconds: .max))
  }

  @Test("Windows in words")
  func words() throws {
    #expect(
      try Self.window([.thu, .mon, .tue, .wed, .sat], "09:00", "16:00", zone: "Europe/Berlin").words
        == "mon–thu, sat 09:00–16:00 Europe/Berlin")
    #expect(try Self.window([], "22:00", "04:00").words == "22:00–04:00 UTC")
    #expect(try Self.window([.sat, .sun]).words == "sat, sun UTC")
  }

  @Test(
    "What is no time of day, no day and no zone",
    arguments: ["9:00", "24:01", "25:00", "12:60", "noon", "12:00:00", "１２:００", ""])
  func badTimes(_ text: String) {
    #expect(TimeOfDay(text) == nil)
    #expect(CalendarDay(text) == nil)
  }

  @Test(
    "Bad days",
    arguments: [
      "2027-02-29", "2027-13-01", "2027-00-10", "2027-1-1", "2100-02-29", "2027-06-31", "2027-01-00",
    ])
  func badDays(_ text: String) { #expect(CalendarDay(text) == nil) }

  @Test("Bad zones", arguments: ["Mars/Olympus", "IST", "../../etc/passwd", "Europe/Berlin\u{0}", "", "/"])
  func badZones(_ text: String) { #expect(ZoneName(text) == nil) }

  @Test("A day is over when the next one begins, in UTC")
  func days() throws {
    let day = try #require(CalendarDay("2026-11-30"))
    #expect(!day.isOver(at: Self.moment(day: Self.winter, 23, 59)))
    #expect(day.isOver(at: Self.moment(day: Self.winter + 1, 0)))
    #expect(try #require(CalendarDay("2028-02-29")) > day)
  }
}
