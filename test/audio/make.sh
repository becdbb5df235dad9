#!/bin/sh
# Makes the tiny sound files beside it: 0.3 s (0.1 at 192 kHz) of a 440 Hz tone of amplitude 0.25, by other people's
# encoders. Needs ffmpeg, and for AMR sox with its AMR plug-in (Debian: ffmpeg sox libsox-fmt-all).
set -eu
cd "$(dirname "$0")"

seconds=0.3

# tone RATE CHANNELS OUTPUT-OPTIONS... FILE
tone() {
  rate=$1 channels=$2
  shift 2
  # ffmpeg's own way from one channel to many changes the level; here each gets the tone as it is.
  pan="pan=${channels}c"
  for channel in $(seq 0 $((channels - 1))); do pan="$pan|c$channel=c0"; done
  ffmpeg -v error -y -f lavfi -i "sine=frequency=440:sample_rate=$rate:duration=$seconds,volume=2,$pan" \
    -map_metadata -1 -fflags +bitexact -flags:a +bitexact "$@"
}

tone 8000 1 -c:a pcm_u8 pcm-u8.wav
tone 16000 1 -c:a pcm_s16le pcm-s16.wav
tone 8000 1 -c:a pcm_s24le pcm-s24-extensible.wav
tone 8000 1 -c:a pcm_s32le pcm-s32.wav
tone 8000 1 -c:a pcm_f32le float32.wav
tone 8000 1 -c:a pcm_f64le float64.wav
tone 8000 1 -c:a pcm_alaw alaw.wav
tone 8000 1 -c:a pcm_mulaw mulaw.wav
tone 8000 1 -c:a pcm_s16le -rf64 always rf64.wav
tone 8000 1 -c:a adpcm_ima_wav adpcm.wav
tone 11025 2 -c:a pcm_s16be pcm-s16.aiff
tone 8000 1 -c:a pcm_s16le pcm-s16-sowt.aifc -f aiff
tone 8000 1 -c:a pcm_f32be float32.aifc -f aiff
tone 44100 1 -b:a 32k mono.mp3
tone 22050 2 -b:a 32k stereo.mp3
tone 16000 1 -c:a flac mono.flac
tone 8000 8 -c:a flac eight-channels.flac
tone 44100 1 -c:a libvorbis -q:a 0 vorbis.ogg
tone 48000 1 -c:a libopus -b:a 24k opus.opus
tone 44100 1 -c:a aac -b:a 48k aac.m4a
tone 48000 2 -c:a libopus -b:a 24k opus.webm
picture="-f lavfi -i color=black:s=16x16:r=5:d=0.3"
ffmpeg -v error -y -i pcm-s16.wav $picture -ar 44100 -c:a aac -b:a 48k -c:v mpeg4 -fflags +bitexact film.mp4
ffmpeg -v error -y $picture -c:v mpeg4 -fflags +bitexact silent-film.mp4
seconds=0.1
tone 192000 1 -c:a flac rate192k.flac
sox pcm-s16.wav -r 8000 -t amr-nb amr.amr
