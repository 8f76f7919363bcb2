import Testing
import WorkloadSpec

@Suite struct ScalarTests {
  @Test(
    "Processor time is read",
    arguments: [
      ("500m", 500, "500m"), ("2", 2000, "2"), ("1.5", 1500, "1500m"), ("0.001", 1, "1m"),
      ("1000m", 1000, "1"),
      ("0", 0, "0"),
    ])
  func processorTimeIsRead(text: String, millicores: Int64, canonical: String) throws {
    let quantity = try #require(CPUQuantity(text))
    #expect(quantity.millicores == millicores)
    #expect(quantity.description == canonical)
    #expect(CPUQuantity(canonical) == quantity)
  }

  @Test(
    "What is no processor time is not",
    arguments: [
      "", "m", "1.5m", "-1", "+1", "1.", ".5", "1.0001", "1 ", "1e3", "0x1", "1.2.3", "9223372036854775807",
      "٣",
    ])
  func whatIsNoProcessorTimeIsNot(_ text: String) { #expect(CPUQuantity(text) == nil) }

  @Test(
    "Bytes are read",
    arguments: [
      ("256Mi", 268_435_456, "256Mi"), ("1Gi", 1 << 30, "1Gi"), ("1024Mi", 1 << 30, "1Gi"),
      ("1.5Gi", 1_610_612_736, "1536Mi"), ("500M", 500_000_000, "500M"), ("1000k", 1_000_000, "1M"),
      ("0.001k", 1, "0.001k"), ("1.024k", 1024, "1Ki"), ("7Ei", 7 << 60, "7Ei"),
      ("1500k", 1_500_000, "1500k"),
    ])
  func bytesAreRead(text: String, bytes: Int64, canonical: String) throws {
    let quantity = try #require(ByteQuantity(text))
    #expect(quantity.bytes == bytes)
    #expect(quantity.description == canonical)
    #expect(ByteQuantity(canonical) == quantity)
  }

  @Test(
    "What is no amount of bytes is not",
    arguments: [
      "", "Mi", "256", "256mi", "256MB", "-1Gi", "1 Gi", "0.0001k", "8Ei", "99999999999999999999Ki", "1.Gi",
      "1m", "Gi1",
    ])
  func whatIsNoAmountOfBytesIsNot(_ text: String) { #expect(ByteQuantity(text) == nil) }

  @Test(
    "Durations are read",
    arguments: [
      ("10s", 10_000, "10s"), ("1m30s", 90_000, "1m30s"), ("90s", 90_000, "1m30s"),
      ("1.5h", 5_400_000, "1h30m"),
      ("250ms", 250, "250ms"), ("0s", 0, "0s"), ("30s1m", 90_000, "1m30s"), ("1h1ms", 3_600_001, "1h1ms"),
      ("0.001s", 1, "1ms"), ("8784h", 31_622_400_000, "8784h"),
    ])
  func durationsAreRead(text: String, milliseconds: Int64, canonical: String) throws {
    let duration = try #require(SpecDuration(text))
    #expect(duration.milliseconds == milliseconds)
    #expect(duration.description == canonical)
    #expect(SpecDuration(canonical) == duration)
  }

  @Test(
    "What is no duration is not",
    arguments: [
      "", "10", "s", "1s1s", "-1s", "1d", "1 s", "1S", "0.1ms", "8785h", "1h 1m", "1µs", "99999999999999999h",
      "1.s",
    ])
  func whatIsNoDurationIsNot(_ text: String) { #expect(SpecDuration(text) == nil) }

  @Test(
    "Images are read",
    arguments: [
      ("nginx", nil, "nginx", nil, nil), ("nginx:1.27", nil, "nginx", "1.27", nil),
      ("library/redis", nil, "library/redis", nil, nil),
      ("localhost/a", "localhost", "a", nil, nil), ("localhost:5000/a:b", "localhost:5000", "a", "b", nil),
      ("r.example.com/a/b-c_d__e.f:V_1", "r.example.com", "a/b-c_d__e.f", "V_1", nil),
      ("R.EXAMPLE.com/a", "R.EXAMPLE.com", "a", nil, nil), ("a---b", nil, "a---b", nil, nil),
      (
        "a:1@sha256:" + String(repeating: "0", count: 64), nil, "a", "1",
        "sha256:" + String(repeating: "0", count: 64)
      ),
    ] as [(String, String?, String, String?, String?)])
  func imagesAreRead(
    text: String, registry: String?, repository: String, tag: String?, digest: String?
  ) throws {
    let image = try #require(ImageReference(text))
    #expect(image.registry == registry)
    #expect(image.repository == repository)
    #expect(image.tag == tag)
    #expect(image.digest == digest)
    #expect(image.isFloating == (digest == nil && tag == nil))
  }

  @Test(
    "What is no image is not",
    arguments: [
      "", ":1", "a:", "a:-b", "A", "a/", "/a", "a//b", "a b", "é", "a@", "a@sha256:0", "a__-b", "a..b",
      "a___b",
      "-a",
      "a-", "host:x/a", "host:0/a", "host:65536/a", "https://a/b", "a:b:c", "a@b@c", "r.example.com/",
      "a:" + String(repeating: "x", count: 129),
    ])
  func whatIsNoImageIsNot(_ text: String) { #expect(ImageReference(text) == nil) }

  @Test(
    "Labels are checked",
    arguments: [
      ("a", true), ("a-1", true), ("1", true), ("", false), ("-a", false), ("a-", false), ("A", false),
      ("a.b", false), ("a_b", false), (String(repeating: "a", count: 63), true),
      (String(repeating: "a", count: 64), false), ("ä", false),
    ])
  func labelsAreChecked(text: String, isValid: Bool) { #expect(DNSLabel.isValid(text) == isValid) }

  @Test("Maps are ordered by key") func mapsAreOrderedByKey() {
    var map: StringMap = ["b": "2", "a": "1"]
    map["c"] = "3"
    map["b"] = nil
    #expect(map.entries.map(\.key) == ["a", "c"])
    #expect(map["c"] == "3")
    #expect(map["b"] == nil)
    #expect(StringMap([(key: "x", value: "1"), (key: "x", value: "2")]) == ["x": "2"])
  }
}
