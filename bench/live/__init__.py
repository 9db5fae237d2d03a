"""How soon does a booking reach its organizer's socket, compared with a Socket.IO server under Node?"""
