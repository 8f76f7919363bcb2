#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

// Room for the descriptors of one message, aligned as its header must be.
union control {
  struct cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int) * berth_descriptors_max)];
};

ssize_t berth_send(int socket, const void *bytes, size_t size, const int *descriptors, int count) {
  struct iovec part = {(void *)bytes, size};
  union control control;
  struct msghdr message;
  memset(&control, 0, sizeof control);
  memset(&message, 0, sizeof message);
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (count > berth_descriptors_max) {
    errno = EINVAL;
    return -1;
  }
  if (count > 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count);
    memcpy(CMSG_DATA(header), descriptors, sizeof(int) * (size_t)count);
  }
#if defined(MSG_NOSIGNAL)
  return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
#else
  int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof yes);
  return sendmsg(socket, &message, MSG_DONTWAIT);
#endif
}

ssize_t berth_receive(
    int socket, void *bytes, size_t size, int descriptors[berth_descriptors_max], int *count) {
  struct iovec part = {bytes, size};
  union control control;
  struct msghdr message;
  memset(&message, 0, sizeof message);
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  *count = 0;
#if defined(MSG_CMSG_CLOEXEC)
  ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
#else
  ssize_t received = recvmsg(socket, &message, 0);
#endif
  if (received < 0) return received;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    // What there is no room for, the kernel has closed.
    int found = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    for (int index = 0; index < found && *count < berth_descriptors_max; index++) {
      memcpy(&descriptors[*count], CMSG_DATA(header) + sizeof(int) * (size_t)index, sizeof(int));
      fcntl(descriptors[*count], F_SETFD, FD_CLOEXEC);
      *count += 1;
    }
  }
  return received;
}
