// Which containers FFmpeg may open for us. Knows FFmpeg's names, nothing else.
//
// A list, because FFmpeg also opens playlists and scripts (HLS, concat, SDP), which name other files and
// addresses: a file that someone sends must never make this machine read another one.

/** FFmpeg's `format_whitelist`: names of demuxers. */
export const containers = [
  ...["wav", "w64", "aiff", "au", "caf", "mp3", "flac", "ogg", "aac", "amr", "amrnb", "amrwb"],
  ...["mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "asf", "avi", "flv", "mpeg", "mpegts"],
  ...["ac3", "eac3", "dts", "ape", "wv", "tta", "gsm", "mpc", "mpc8", "tak", "sox", "voc", "loas"],
].join(",");

/** FFmpeg's `protocol_whitelist`. */
export const protocols = "file";
