import Testing

@testable import AWSAPI

/// The XML of services.
@Suite struct XMLTests {
  @Test("Elements, text, references and what is read over") func elements() throws {
    let root = try #require(
      AnswerElement(
        parsing: """
          \u{FEFF}<?xml version="1.0" encoding="UTF-8"?>
          <!-- a comment <with> signs -->
          <r:List xmlns="http://x/" xmlns:r='http://y/' a="1 &gt; 0">
            <Item><Key>a &amp; b&#x2F;&#99;</Key><Tag>&quot;7f&quot;</Tag></Item>
            <Item ><Key><![CDATA[<raw> & more]]></Key><Empty/><Blank> </Blank></Item >
            <Text>  zwei
          Zeilen ü </Text>
          </r:List>
          """.utf8))
    #expect(
      root.name == "List" && root.children.map(\.name) == ["Item", "Item", "Text"] && root.text.isEmpty)
    #expect(root.all("Item").map { $0["Key"]?.text } == ["a & b/c", "<raw> & more"])
    #expect(root["Item"]?["Tag"]?.text == "\"7f\"" && root.all("Item")[1]["Empty"]?.text == "")
    #expect(
      root.all("Item")[1]["Blank"]?.text == "" && root["Text"]?.text == "zwei\nZeilen ü"
        && root["Gone"] == nil)
  }

  @Test(
    "What is no document is none",
    arguments: [
      "", "text", "<", "<a", "<a>", "<a></b>", "<a><b></a></b>", "<a>&unknown;</a>", "<a>&#xFFFFFFFF;</a>",
      "<a>& b</a>",
      "<a b></a>", "<a b=1></a>", "<a b=\"1></a>", "<a/><b/>", "<a/>text", "<1/>", "<a><!-- </a>",
      "<a><![CDATA[</a>",
      "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a b=\"1\"c=\"2\"/>", "<a b=\"<\"/>",
      String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100),
    ]) func whatIsNoDocument(text: String)
  {
    #expect(AnswerElement(parsing: text.utf8) == nil)
  }

  @Test("Whatever comes, it ends") func whateverComes() {
    let document = Array("<?xml?><a b='c'><!-- d --><e>&lt;<![CDATA[f]]></e><g/></a>".utf8)
    for length in document.indices { #expect(AnswerElement(parsing: document[..<length]) == nil) }
    for index in document.indices {
      for byte in [0, 0x26, 0x3C, 0x3E, 0x22, 0x5D, 0x80, 0xFF] as [UInt8] {
        var changed = document
        changed[index] = byte
        _ = AnswerElement(parsing: changed)
      }
    }
    #expect(AnswerElement(parsing: document)?["e"]?.text == "<f")
  }
}
