"""How soon does a booking reach its organizer's socket, beside a Socket.IO server under Node?"""
