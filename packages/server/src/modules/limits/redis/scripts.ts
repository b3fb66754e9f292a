import { redisScript } from "./redis-client.ts";

/**
 * What happens in Redis: one Lua script for each act on one part, all of whose keys are in one slot. The keys of a part:
 *
 * - KEYS[1], the record, a hash: `record` (what it calls itself, and the server it was begun on), `epoch` and `settled` (as
 *   PostgreSQL has them), `c<counter>` (its window and, for each holder, a line `holder amount ceiling unmet`), `j<holder>
 *   <counter>` (when a journal was noted, and the journal). It is one key so that it is lost as a whole: what is left of it
 *   after an eviction, a migration of its slot, or somebody's DEL, is nothing.
 * - KEYS[2], holders, a hash: the order of a holder's last act; negative until it has claimed all; `x` once it has ended.
 * - KEYS[3], wanted, a set: counters of which somebody lacks something. A hint: it may be lost.
 *
 * A record counts only on the server, and in the reign of that server as a master, in which it was begun: restored from disk,
 * or taken over by a replica, it may lack what was recorded last. So each script looks at both first, and then at the epoch.
 * It answers `moved` where either is another one, `ended` for a holder that is gone, `late` for an act that a later one of
 * the same holder overtook.
 */
const PRELUDE = `
local bucket, holders, wanted = KEYS[1], KEYS[2], KEYS[3]

local function server()
  local info = redis.call('INFO', 'server', 'replication')
  return string.match(info, 'run_id:(%w+)') .. string.match(info, 'master_replid:(%w+)')
end

local function record()
  local written = redis.call('HGET', bucket, 'record')
  if not written then return nil end
  local name, of = string.match(written, '^(%S+) (%S+)$')
  if of ~= server() then return nil end
  return name
end

local function epoch() return tonumber(redis.call('HGET', bucket, 'epoch')) end

local function text(number) return string.format('%.0f', number) end

local function read(counter)
  local written = redis.call('HGET', bucket, 'c' .. counter)
  local rows = {}
  if not written then return rows, 0 end
  for holder, amount, ceiling, unmet in string.gmatch(written, '(%S+) (%d+) (%d+) (%d+)\\n') do
    rows[#rows + 1] = { holder, tonumber(amount), tonumber(ceiling), tonumber(unmet) }
  end
  return rows, tonumber(string.match(written, '^%d+'))
end

local function write(counter, window, rows)
  local lines, lacking = { text(window) .. '\\n' }, false
  for _, row in ipairs(rows) do
    if row[2] > 0 or row[4] > 0 then
      lines[#lines + 1] = row[1] .. ' ' .. text(row[2]) .. ' ' .. text(row[3]) .. ' ' .. text(row[4]) .. '\\n'
    end
    if row[4] > 0 then lacking = true end
  end
  if #lines == 1 then redis.call('HDEL', bucket, 'c' .. counter)
  else redis.call('HSET', bucket, 'c' .. counter, table.concat(lines)) end
  if lacking then redis.call('SADD', wanted, counter) else redis.call('SREM', wanted, counter) end
end

local function own(rows, holder, ceiling)
  for _, row in ipairs(rows) do if row[1] == holder then return row end end
  local row = { holder, 0, ceiling, 0 }
  rows[#rows + 1] = row
  return row
end

-- Why an act of this holder may not be done; else it is noted. An act in pages has one order for all of them.
local function refused(name, seq, holder, order, paged)
  if record() ~= name or epoch() ~= seq then return 'moved' end
  local last = redis.call('HGET', holders, holder)
  if not last or last == 'x' then return 'ended' end
  if tonumber(last) < 0 then return 'moved' end
  if order < tonumber(last) or (order == tonumber(last) and not paged) then return 'late' end
  redis.call('HSET', holders, holder, text(order))
end
`;

/**
 * ARGV: a name for a record that must be begun; how long, in milliseconds, it is kept when nobody looks; ids of holders. Begins the record where there is none that counts. Answers
 * the record's name, its epoch, and what others lack of these holders' counters: index of the holder, counter, how many.
 */
export const LOOK = redisScript(`${PRELUDE}
local name = record()
if not name then
  redis.call('UNLINK', bucket, holders, wanted)
  redis.call('HSET', bucket, 'record', ARGV[1] .. ' ' .. server(), 'epoch', '0', 'settled', '0')
  name = ARGV[1]
end
local kept = tonumber(ARGV[2])
for _, key in ipairs(KEYS) do
  if redis.call('PTTL', key) < kept / 2 then redis.call('PEXPIRE', key, kept) end
end
local lacking, mine = {}, {}
for index = 3, #ARGV do mine[ARGV[index]] = index - 3 end
for _, counter in ipairs(redis.call('SRANDMEMBER', wanted, 1000)) do
  local rows = read(counter)
  local askers = 0
  for _, row in ipairs(rows) do if row[4] > 0 then askers = askers + 1 end end
  if askers == 0 then redis.call('SREM', wanted, counter) end
  for _, row in ipairs(rows) do
    local others = row[4] > 0 and askers - 1 or askers
    if mine[row[1]] and row[2] > 0 and others > 0 then
      lacking[#lacking + 1] = mine[row[1]]
      lacking[#lacking + 1] = counter
      lacking[#lacking + 1] = others
    end
  end
end
return { name, epoch(), lacking }
`);

/** ARGV: record, epoch, holder, order, 1 with the last call, then of each claim: counter, window, units, ceiling. Answers 1 or 0 for each. */
export const CLAIM = redisScript(`${PRELUDE}
local seq, holder, order = tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
if record() ~= ARGV[1] or seq < epoch() then return 'moved' end
if seq > epoch() then
  local written = redis.call('HGET', bucket, 'record')
  redis.call('UNLINK', bucket, holders, wanted)
  redis.call('HSET', bucket, 'record', written, 'epoch', text(seq), 'settled', '0')
end
local last = redis.call('HGET', holders, holder)
if last == 'x' then return 'ended' end
if last and order <= math.abs(tonumber(last)) then return 'late' end
redis.call('HSET', holders, holder, text(ARGV[5] == '1' and order or -order))
local settled = tonumber(redis.call('HGET', bucket, 'settled'))
local answers = {}
for at = 6, #ARGV, 4 do
  local counter, window, units = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local rows = read(counter)
  local row = own(rows, holder, tonumber(ARGV[at + 3]))
  local holds = window > settled or row[2] >= units
  if holds then
    row[2], row[3] = units, tonumber(ARGV[at + 3])
    write(counter, window, rows)
  end
  answers[#answers + 1] = holds and 1 or 0
end
return answers
`);

/**
 * ARGV: record, epoch, holder, order, now, then of each request: counter, window, amount, used, demand, have, recorded,
 * headroom, 1 where it may grow, journal or nothing. Answers of each: share, recorded, others, unmet, surplus. It decides as
 * `grantShare` of core does; a test holds them together.
 */
export const EXCHANGE = redisScript(`${PRELUDE}
local holder, now = ARGV[3], ARGV[5]
local why = refused(ARGV[1], tonumber(ARGV[2]), holder, tonumber(ARGV[4]))
if why then return why end
local max, min = math.max, math.min
local answers = {}
for at = 6, #ARGV, 10 do
  local counter, window, amount, used, demand, have, recorded, headroom =
    ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4]),
    tonumber(ARGV[at + 5]), tonumber(ARGV[at + 6]), tonumber(ARGV[at + 7])
  local rows = read(counter)
  local row = own(rows, holder, amount)
  local others, ceiling = 0, amount
  for _, other in ipairs(rows) do
    if other ~= row and other[2] > 0 then
      others = others + other[2]
      ceiling = min(ceiling, other[3])
    end
  end
  local surplus = max(0, row[2] - recorded)
  used = used + surplus
  local most = max(0, ceiling - others)
  if ARGV[at + 8] ~= '1' then most = min(most, row[2], have) end
  local keeps = min(most, have + surplus)
  local need = max(0, used + demand - keeps)
  local free = most - keeps
  local extra = min(headroom, math.floor(max(0, free - need) / 2))
  local share = keeps + min(free, need + extra)
  local unmet = max(0, used + demand - share)
  row[2] = max(share, min(row[2], max(used, have + surplus)))
  row[3], row[4] = amount, unmet
  write(counter, window, rows)
  local journal = 'j' .. holder .. ' ' .. counter
  if row[2] == 0 then redis.call('HDEL', bucket, journal)
  elseif ARGV[at + 9] ~= '' then redis.call('HSET', bucket, journal, now .. ' ' .. ARGV[at + 9]) end
  for _, number in ipairs({ share, row[2], others, unmet, surplus }) do answers[#answers + 1] = number end
end
return answers
`);

/**
 * ARGV: record, epoch, heir, order, cursor, how many fields to look at, then ids of holders that have ended. Answers the next
 * cursor and what was taken over, of each: counter, window, ceiling, units, holder, journal as noted or nothing.
 */
export const INHERIT = redisScript(`${PRELUDE}
local heir = ARGV[3]
local why = refused(ARGV[1], tonumber(ARGV[2]), heir, tonumber(ARGV[4]), true)
if why then return why end
local dead = {}
for index = 7, #ARGV do
  dead[ARGV[index]] = true
  -- From now on nothing more of theirs is written.
  if ARGV[5] == '0' then redis.call('HSET', holders, ARGV[index], 'x') end
end
local page = redis.call('HSCAN', bucket, ARGV[5], 'MATCH', 'c*', 'COUNT', ARGV[6])
local taken = {}
for at = 1, #page[2], 2 do
  local counter = string.sub(page[2][at], 2)
  local rows, window = read(counter)
  local left, units, ceiling, gone = {}, 0, nil, false
  for _, row in ipairs(rows) do
    if not dead[row[1]] then left[#left + 1] = row
    else
      gone = true
      local journal = 'j' .. row[1] .. ' ' .. counter
      if row[2] > 0 then
        units = units + row[2]
        ceiling = math.min(ceiling or row[3], row[3])
        local noted = redis.call('HGET', bucket, journal) or ''
        for _, each in ipairs({ counter, window, row[3], row[2], row[1], noted }) do taken[#taken + 1] = each end
      end
      redis.call('HDEL', bucket, journal)
    end
  end
  if gone then
    if units > 0 then
      local row = own(left, heir, ceiling)
      row[2] = row[2] + units
    end
    write(counter, window, left)
  end
end
return { page[1], taken }
`);

/** ARGV: record, epoch, window. Windows up to this length have nothing missing from now on. */
export const SETTLE = redisScript(`${PRELUDE}
if record() ~= ARGV[1] or epoch() ~= tonumber(ARGV[2]) then return 'moved' end
if tonumber(redis.call('HGET', bucket, 'settled')) < tonumber(ARGV[3]) then redis.call('HSET', bucket, 'settled', ARGV[3]) end
return 'done'
`);

/** ARGV: record, epoch, ids of holders that have ended and of which nothing is left. */
export const FORGET = redisScript(`${PRELUDE}
if record() ~= ARGV[1] or epoch() ~= tonumber(ARGV[2]) then return 'moved' end
for index = 3, #ARGV do
  if redis.call('HGET', holders, ARGV[index]) == 'x' then redis.call('HDEL', holders, ARGV[index]) end
end
return 'done'
`);

/** Answers the ids of all holders that have taken part in this record. */
export const HOLDERS = redisScript(`${PRELUDE}
return redis.call('HKEYS', holders)
`);

/** Answers what the server says of itself, in the way in which records look at it. */
export const PROBE = redisScript(`return redis.call('INFO', 'server', 'replication', 'memory')`);
