import Foundation
import Testing

@testable import UserFiles

/// What is opened, and what is not.
@Suite struct UserFileTests {
  private let tree: Tree

  init() throws { tree = try Tree() }

  private func problem(_ path: String, atMost limit: Int = 100) -> UserFileError.Problem? {
    do throws(UserFileError) {
      _ = try UserFile.bytes(of: path, atMost: limit)
      return nil
    } catch {
      return error.problem
    }
  }

  @Test("A file is read whole") func aFileIsReadWhole() throws {
    #expect(try UserFile.bytes(of: tree.file("a", "1234"), atMost: 4) == Array("1234".utf8))
    #expect(try UserFile.bytes(of: tree.file("empty", ""), atMost: 0) == [])
    let link = try tree.link("link", to: "a")
    #expect(try UserFile.bytes(of: link, atMost: 4) == Array("1234".utf8))
  }

  @Test("What is larger than the limit is refused") func whatIsLargerThanTheLimitIsRefused() throws {
    #expect(problem(try tree.file("a", "12345"), atMost: 4) == .tooLarge(limit: 4))
    let sparse = try tree.file("sparse", "")
    #expect(truncate(sparse, 1 << 40) == 0)
    #expect(problem(sparse, atMost: 1 << 20) == .tooLarge(limit: 1 << 20))
  }

  /// A test that would wait for a writer ends by the time limit of the suite.
  @Test("What is no regular file is not opened", .timeLimit(.minutes(1)))
  func whatIsNoRegularFileIsNotOpened() throws {
    let pipe = tree.pipe("pipe")
    #expect(problem(pipe) == .notRegular(.pipe))
    #expect(problem(try tree.link("link", to: "pipe")) == .notRegular(.pipe))
    #expect(problem(try tree.folder("folder")) == .notRegular(.folder))
    #expect(problem("/dev/zero") == .notRegular(.device))
    #expect(problem("/dev/tty") == .notRegular(.device))
    #expect(problem("/dev/ptmx") == .notRegular(.device))
    for name in ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"] {
      #expect(problem(name) == .notRegular(.standardInput))
    }
    let socket = try Socket(at: tree.path + "/socket")
    withExtendedLifetime(socket) { #expect(problem(tree.path + "/socket") == .notRegular(.socket)) }
  }

  @Test("Links that lead nowhere are said to be links") func linksThatLeadNowhereAreSaidToBeLinks() throws {
    #expect(problem(try tree.link("link", to: "gone")) == .danglingLink(to: "gone"))
    #expect(problem(try tree.link("loop", to: "loop")) == .system(ELOOP))
    #expect(problem(tree.path + "/gone") == .system(ENOENT))
    #expect(problem(try tree.file("a\u{1}") + "\0b") == .system(ENOENT))
    #expect(problem("") == .system(ENOENT))
  }

  #if os(Linux)
    @Test("Files of the system say that they are empty and are read")
    func filesOfTheSystemSayThatTheyAreEmptyAndAreRead() throws {
      let environment = try UserFile.bytes(of: "/proc/self/status", atMost: 1 << 20)
      #expect(String(decoding: environment, as: UTF8.self).contains("Pid:"))
    }

    @Test(
      "A file that would wait is refused", .timeLimit(.minutes(1)),
      .enabled(if: access("/proc/kmsg", R_OK) == 0))
    func aFileThatWouldWaitIsRefused() throws {
      // What was logged meanwhile may be there to read, but not without end.
      let problem = problem("/proc/kmsg", atMost: 1 << 26)
      #expect(problem == .notRegular(.silent) || problem == .system(EPERM))
    }
  #endif

  @Test("A file that grows and shrinks is read to where it ends", .timeLimit(.minutes(1)))
  func aFileThatGrowsAndShrinksIsReadToWhereItEnds() throws {
    let path = try tree.file("log", String(repeating: "x", count: 1000))
    let file = try UserFile(opening: path)
    #expect(truncate(path, 10) == 0)
    #expect(try file.bytes(atMost: 1000).count == 10)
    let growing = try UserFile(opening: path)
    #expect(truncate(path, 5000) == 0)
    let problem = #expect(throws: UserFileError.self) { try growing.bytes(atMost: 1000) }
    #expect(problem?.problem == .tooLarge(limit: 1000))
  }

  @Test("What the shell hands over is read to its end") func whatTheShellHandsOverIsReadToItsEnd() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { close(ends[0]) }
    #expect(UserFile.inheritedDescriptor(at: "/dev/fd/\(ends[0])") == ends[0])
    #expect(UserFile.inheritedDescriptor(at: "/dev/fd/0") == nil)
    #expect(UserFile.inheritedDescriptor(at: "/dev/fd/x") == nil)
    #expect(UserFile.inheritedDescriptor(at: "/dev/fd/99999") == nil)
    #expect(write(ends[1], "abc", 3) == 3)
    close(ends[1])
    #expect(try UserFile.bytes(ofInherited: ends[0], named: "x", atMost: 3) == Array("abc".utf8))
  }

  @Test("Messages say what is wrong and what to do") func messagesSayWhatIsWrongAndWhatToDo() {
    let problems: [UserFileError.Problem] = [
      .system(EACCES), .system(ENOENT), .danglingLink(to: "x"), .notRegular(.pipe), .notRegular(.folder),
      .notRegular(.standardInput), .tooLarge(limit: 10), .outside(of: ["/a", "/b"]), .gitFolder,
    ]
    for problem in problems {
      let error = UserFileError("some/file", problem)
      #expect(error.message.hasPrefix("`some/file` ") && !error.message.hasSuffix("."))
      #expect(!error.help.isEmpty)
    }
  }
}

/// A socket that is bound to a path.
private final class Socket {
  private let descriptor: Int32

  init(at path: String) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    #if canImport(Glibc)
      descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(result == 0)
  }

  deinit { close(descriptor) }
}
